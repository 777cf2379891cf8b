package io.weir.picker.scrape;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * Bytes in TLS. Keys are agreed on by the scraper's thread: that takes a millisecond or two once
 * for a connection, which lasts for many scrapes.
 */
final class TlsLink implements Link {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ScrapeLoop loop;
    private final SocketChannel channel;
    private final SSLEngine engine;
    private final ByteBuffer received;
    private final ByteBuffer sealed;

    TlsLink(ScrapeLoop loop, SocketChannel channel, SSLEngine engine) throws SSLException {
        this.loop = loop;
        this.channel = channel;
        this.engine = engine;
        int packetBytes = engine.getSession().getPacketBufferSize();
        this.received = ByteBuffer.allocate(packetBytes);
        this.sealed = ByteBuffer.allocate(packetBytes);
        engine.beginHandshake();
    }

    @Override
    public boolean open() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case FINISHED, NOT_HANDSHAKING -> {
                    return true;
                }
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> seal(NOTHING);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!hear()) {
                        return false;
                    }
                }
            }
        }
    }

    /** Takes what the server says before there are keys; returns whether it said something. */
    private boolean hear() throws IOException {
        SSLEngineResult.Status status = unseal(NOTHING).getStatus();
        if (status == SSLEngineResult.Status.OK) {
            return true;
        }
        int read = status == SSLEngineResult.Status.CLOSED ? -1 : channel.read(received);
        if (read < 0) {
            throw new EOFException("connection closed before TLS was agreed on");
        }
        return read > 0;
    }

    @Override
    public void send(ByteBuffer request) throws IOException {
        while (request.hasRemaining()) {
            seal(request);
        }
    }

    @Override
    public int read() throws IOException {
        // A packet brings 16 KiB at most, and the loop's buffer takes several.
        ByteBuffer plain = ByteBuffer.wrap(loop.bytes());
        while (true) {
            switch (unseal(plain).getStatus()) {
                case OK -> answer();
                case BUFFER_OVERFLOW -> {
                    return plain.position();
                }
                case CLOSED -> {
                    return plain.position() > 0 ? plain.position() : -1;
                }
                case BUFFER_UNDERFLOW -> {
                    int read = channel.read(received);
                    if (read <= 0) {
                        return plain.position() > 0 ? plain.position() : read;
                    }
                }
            }
        }
    }

    @Override
    public boolean mayHaveMore(int read) {
        return true;
    }

    /** Does what a message that is no data asks for, as new keys. */
    private void answer() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> seal(NOTHING);
                case FINISHED, NOT_HANDSHAKING, NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    return;
                }
            }
        }
    }

    private SSLEngineResult unseal(ByteBuffer plain) throws SSLException {
        received.flip();
        try {
            return engine.unwrap(received, plain);
        } finally {
            received.compact();
        }
    }

    private void seal(ByteBuffer plain) throws IOException {
        sealed.clear();
        SSLEngineResult result = engine.wrap(plain, sealed);
        Link.write(channel, sealed.flip());
        if (result.getStatus() != SSLEngineResult.Status.OK) {
            throw new EOFException("TLS has ended");
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask();
                task != null;
                task = engine.getDelegatedTask()) {
            task.run();
        }
    }
}
