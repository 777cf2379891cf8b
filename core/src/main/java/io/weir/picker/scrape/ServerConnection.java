package io.weir.picker.scrape;

import io.weir.picker.Endpoint;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A keep-alive HTTP/1.1 connection to one server that is opened when needed. Used by one thread at
 * a time, except {@link #close}.
 */
final class ServerConnection implements AutoCloseable {

    private static final int SILENCES_PER_ANSWER = 5;

    private final String host;
    private final int port;
    private final String authority;
    private final Duration silence;
    private final LongSupplier nanoTime;
    private final ResponseReader reader = new ResponseReader(this::read);
    private volatile @Nullable Socket socket;
    private @Nullable InputStream in;
    private long deadline;

    ServerConnection(Endpoint endpoint, Duration silence, LongSupplier nanoTime) {
        this.host = endpoint.address();
        this.port = endpoint.port();
        this.authority = endpoint.authority();
        this.silence = silence;
        this.nanoTime = nanoTime;
    }

    /** Returns a request to be passed to {@link #get}. */
    byte[] request(String path) {
        String text =
                "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\nUser-Agent: weir\r\n\r\n"
                        .formatted(path, authority);
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Sends a request and reads the answer.
     *
     * @param body takes the body of an answer with status 200
     * @return the status
     * @throws IOException when the server cannot be reached, answers too slowly, too much or no
     *     HTTP; the connection is closed then
     */
    int get(byte[] request, ByteSink body) throws IOException {
        boolean isReused = socket != null;
        deadline = nanoTime.getAsLong() + SILENCES_PER_ANSWER * silence.toNanos();
        try {
            return exchange(request, body);
        } catch (IOException e) {
            close();
            // The server may have closed an idle connection just when it was used again.
            if (!isReused || reader.hasBegun() || e instanceof SocketTimeoutException) {
                throw e;
            }
        }
        try {
            return exchange(request, body);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        Socket open = socket;
        socket = null;
        in = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }

    private int exchange(byte[] request, ByteSink body) throws IOException {
        Socket open = socket;
        if (open == null) {
            open = open();
        }
        reader.begin();
        open.getOutputStream().write(request);
        int status = reader.readHead();
        reader.readBody(status == 200 ? body : (_, _, _) -> {});
        if (!reader.keepsAlive()) {
            close();
        }
        return status;
    }

    private Socket open() throws IOException {
        Socket opened = new Socket();
        socket = opened;
        int timeoutMillis = (int) silence.toMillis();
        opened.setTcpNoDelay(true);
        opened.setSoTimeout(timeoutMillis);
        opened.connect(new InetSocketAddress(host, port), timeoutMillis);
        in = opened.getInputStream();
        return opened;
    }

    private int read(byte[] bytes, int from, int length) throws IOException {
        InputStream source = in;
        if (source == null) {
            throw new IOException("connection is closed");
        }
        if (nanoTime.getAsLong() - deadline > 0) {
            throw new SocketTimeoutException("answer takes too long");
        }
        return source.read(bytes, from, length);
    }
}
