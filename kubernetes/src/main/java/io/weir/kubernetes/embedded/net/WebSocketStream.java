package io.weir.kubernetes.embedded.net;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The server's side of a WebSocket (RFC 6455). Each line that is written is one text message. The
 * client has nothing to say but pings and that it goes, which another thread reads.
 */
final class WebSocketStream extends OutputStream {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int MOST_READ = 1 << 20;
    private static final byte[] NORMAL_CLOSURE = {3, (byte) 232};

    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean closed;

    WebSocketStream(OutputStream out) {
        this.out = out;
    }

    /** Returns what the client has to hear so that it believes in the server. */
    static String accept(String key) {
        try {
            byte[] text = (key + GUID).getBytes(StandardCharsets.US_ASCII);
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(text);
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void write(int value) throws IOException {
        if (value == '\n') {
            frame(TEXT, line.toByteArray());
            line.reset();
        } else {
            line.write(value);
        }
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            if (source[i] == '\n') {
                line.write(source, from, i - from);
                from = i + 1;
                frame(TEXT, line.toByteArray());
                line.reset();
            }
        }
        line.write(source, from, offset + length - from);
    }

    @Override
    public void flush() throws IOException {
        lock.lock();
        try {
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (!closed) {
                frame(CLOSE, NORMAL_CLOSURE);
                closed = true;
                out.flush();
            }
        } finally {
            lock.unlock();
        }
    }

    private void frame(int operation, byte[] payload) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the client has closed the WebSocket");
            }
            out.write(0x80 | operation);
            if (payload.length < 126) {
                out.write(payload.length);
            } else if (payload.length < 1 << 16) {
                out.write(126);
                number(payload.length, 2);
            } else {
                out.write(127);
                number(payload.length, 8);
            }
            out.write(payload);
        } finally {
            lock.unlock();
        }
    }

    private void number(long value, int bytes) throws IOException {
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift));
        }
    }

    /** Answers pings until the client closes; then closes too. */
    void serveClient(InputStream in) throws IOException {
        while (true) {
            int operation = need(in) & 0x0f;
            byte[] payload = payload(in);
            if (operation == CLOSE) {
                close();
                return;
            }
            if (operation == PING) {
                frame(PONG, payload);
                flush();
            }
        }
    }

    private static byte[] payload(InputStream in) throws IOException {
        int second = need(in);
        long length = second & 0x7f;
        if (length >= 126) {
            int bytes = length == 126 ? 2 : 8;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | need(in);
            }
        }
        if (length < 0 || length > MOST_READ || (second & 0x80) == 0) {
            throw new IOException("frame of a client (expected: masked, at most 1 MiB)");
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes((int) length);
        if (mask.length < 4 || payload.length < length) {
            throw new EOFException("the connection ended in a frame");
        }
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return payload;
    }

    private static int need(InputStream in) throws IOException {
        int value = in.read();
        if (value < 0) {
            throw new EOFException("the connection ended");
        }
        return value;
    }
}
