package io.weir.picker.scrape;

import io.weir.picker.Endpoint;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import javax.net.ssl.SSLEngine;

/**
 * A keep-alive HTTP/1.1 connection to one server that is opened when needed.
 *
 * <pre>
 * CLOSED ── ask() ─▶ RESOLVING ─▶ CONNECTING ─▶ OPENING ─▶ ASKING ── answer ─▶ IDLE
 *    ▲                   │             │           │         │  ▲                │
 *    └───── failure ─────┴─────────────┴───────────┴─────────┘  └──── ask() ─────┘
 * </pre>
 */
final class ServerConnection {

    private static final int SILENCES_PER_ANSWER = 5;

    private final ScrapeLoop loop;
    private final Listener listener;
    private final String host;
    private final int port;
    private final String authority;
    private final @Nullable Engines tls;
    private final ResponseParser parser = new ResponseParser();
    private State state = State.CLOSED;
    private @Nullable SocketChannel channel;
    private @Nullable Link link;
    private @Nullable SelectionKey key;
    private ByteBuffer request = ByteBuffer.allocate(0);
    private ByteSink body = (_, _, _) -> {};
    private boolean isReused;
    private long askedNanos;
    private long heardNanos;
    private int attempt;

    private enum State {
        CLOSED,
        RESOLVING,
        CONNECTING,
        OPENING,
        IDLE,
        ASKING
    }

    /** Is told what became of a question. */
    interface Listener {

        /** The server answered. */
        void answered(int status);

        /** The server cannot be reached, answers too slowly, too much or no HTTP. */
        void failed(IOException cause);
    }

    /** Makes the TLS of one connection. */
    interface Engines {

        SSLEngine create(String host, int port) throws IOException;
    }

    /**
     * @param tls TLS; null to ask in clear text
     */
    ServerConnection(ScrapeLoop loop, Endpoint endpoint, @Nullable Engines tls, Listener listener) {
        this.loop = loop;
        this.tls = tls;
        this.listener = listener;
        this.host = endpoint.address();
        this.port = endpoint.port();
        this.authority = endpoint.authority();
    }

    /** Returns a request to be passed to {@link #ask}. */
    ByteBuffer request(String path) {
        String text =
                "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\nUser-Agent: weir\r\n\r\n"
                        .formatted(path, authority);
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /**
     * Sends a request; the listener is told of the answer later.
     *
     * @param newBody takes the body of an answer with status 200
     */
    void ask(ByteBuffer newRequest, ByteSink newBody) {
        request = newRequest;
        body = newBody;
        isReused = state == State.IDLE;
        askedNanos = loop.nanoTime();
        heardNanos = askedNanos;
        if (isReused) {
            send();
        } else {
            open();
        }
    }

    /** Goes on when the selector says that something can be done. */
    void ready() {
        switch (state) {
            case CONNECTING -> finishConnecting();
            case OPENING -> open(Objects.requireNonNull(link));
            case ASKING -> read();
            case IDLE -> hearIdle();
            case CLOSED, RESOLVING -> {}
        }
    }

    /** Gives up when the server takes too long. */
    void checkTime(long nowNanos) {
        boolean isWaiting = state != State.CLOSED && state != State.IDLE;
        long silence = loop.times().silence().toNanos();
        if (isWaiting
                && (nowNanos - heardNanos > silence
                        || nowNanos - askedNanos > SILENCES_PER_ANSWER * silence)) {
            close();
            listener.failed(new SocketTimeoutException("no answer in time"));
        }
    }

    void close() {
        state = State.CLOSED;
        attempt++;
        SocketChannel open = channel;
        channel = null;
        link = null;
        key = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }

    private void open() {
        InetAddress literal = literal();
        if (literal != null) {
            connect(literal);
            return;
        }
        state = State.RESOLVING;
        int resolving = attempt;
        loop.resolve(
                host,
                (address, failure) -> {
                    if (attempt == resolving && address != null) {
                        connect(address);
                    } else if (attempt == resolving && failure != null) {
                        fail(failure);
                    }
                });
    }

    private @Nullable InetAddress literal() {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void connect(InetAddress address) {
        state = State.CONNECTING;
        try {
            SocketChannel opened = SocketChannel.open();
            channel = opened;
            opened.configureBlocking(false);
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean isConnected = opened.connect(new InetSocketAddress(address, port));
            key = opened.register(loop.selector(), SelectionKey.OP_CONNECT, this);
            if (isConnected) {
                connected(opened, key);
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void finishConnecting() {
        try {
            if (channel != null && key != null && channel.finishConnect()) {
                connected(channel, key);
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void connected(SocketChannel opened, SelectionKey selected) throws IOException {
        selected.interestOps(SelectionKey.OP_READ);
        Link made =
                tls == null
                        ? new Link.Plain(loop, opened)
                        : new TlsLink(loop, opened, tls.create(host, port));
        link = made;
        state = State.OPENING;
        open(made);
    }

    private void open(Link link) {
        try {
            boolean isOpen = link.open();
            heardNanos = loop.nanoTime();
            if (isOpen) {
                send();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void send() {
        if (link == null) {
            throw new IllegalStateException("not connected");
        }
        state = State.ASKING;
        parser.begin(body);
        try {
            link.send(request.rewind());
        } catch (IOException e) {
            fail(e);
        }
    }

    /** The server closed the connection, or speaks without being asked. */
    private void hearIdle() {
        try {
            if (link == null || link.read() != 0) {
                close();
            }
        } catch (IOException e) {
            close();
        }
    }

    private void read() {
        Link from = Objects.requireNonNull(link);
        try {
            int read = from.read();
            while (read > 0) {
                heardNanos = loop.nanoTime();
                int consumed = parser.feed(loop.bytes(), 0, read);
                if (parser.isDone()) {
                    finish(consumed == read);
                    return;
                }
                read = from.mayHaveMore(read) ? from.read() : 0;
            }
            if (read < 0) {
                endOfStream();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void endOfStream() throws IOException {
        if (!parser.end()) {
            throw new EOFException("connection closed before the end of the answer");
        }
        finish(false);
    }

    private void finish(boolean isClean) {
        if (isClean && parser.keepsAlive()) {
            state = State.IDLE;
        } else {
            close();
        }
        listener.answered(parser.status());
    }

    private void fail(IOException cause) {
        // The server may have closed an idle connection just when it was used again.
        boolean isWorthARetry = isReused && !parser.hasBegun();
        close();
        if (isWorthARetry) {
            isReused = false;
            open();
        } else {
            listener.failed(cause);
        }
    }
}
