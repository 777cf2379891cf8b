package io.weir.kubernetes.embedded.net;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** One request and its answer. Used by the connection's thread. */
public final class HttpExchange {

    private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);
    private static final long MOST_DRAINED = 1 << 20;

    private final RequestHead head;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final InputStream body;
    private final List<X509Certificate> certificates;
    private final List<String> headers = new ArrayList<>();
    private @Nullable OutputStream response;
    private boolean keepAlive;
    private boolean answered;
    private boolean continued;

    HttpExchange(
            RequestHead head,
            Socket socket,
            InputStream in,
            OutputStream out,
            List<X509Certificate> certificates)
            throws IOException {
        this.head = head;
        this.socket = socket;
        this.in = in;
        this.out = out;
        this.body = body(head, in);
        this.certificates = certificates;
        this.keepAlive = head.keepsAlive();
    }

    private static InputStream body(RequestHead head, InputStream in) throws IOException {
        String length = head.header("Content-Length");
        if (!head.header("Transfer-Encoding").isEmpty()) {
            if (!head.lists("Transfer-Encoding", "chunked") || !length.isEmpty()) {
                throw new RequestHead.Malformed("Transfer-Encoding (expected: chunked, alone)");
            }
            return new ChunkedInput(in);
        }
        if (length.isEmpty()) {
            return InputStream.nullInputStream();
        }
        if (!length.matches("[0-9]{1,18}")) {
            throw new RequestHead.Malformed("Content-Length (expected: a number)");
        }
        return new FixedInput(in, Long.parseLong(length));
    }

    /** Returns the method, for instance {@code GET}. */
    public String method() {
        return head.method();
    }

    /** Returns the path as it was sent. */
    public String path() {
        int mark = head.target().indexOf('?');
        return mark < 0 ? head.target() : head.target().substring(0, mark);
    }

    /** Returns the query as it was sent; empty for none. */
    public String query() {
        int mark = head.target().indexOf('?');
        return mark < 0 ? "" : head.target().substring(mark + 1);
    }

    /** Returns a header of the request; empty when absent. */
    public String header(String name) {
        return head.header(name);
    }

    /** Returns the client's certificate and its issuers, verified; empty for none. */
    public List<X509Certificate> certificates() {
        return certificates;
    }

    /** Returns the body of the request. */
    public InputStream body() throws IOException {
        if (!continued && head.lists("Expect", "100-continue")) {
            continued = true;
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        return body;
    }

    /** Adds a header to the answer. */
    public void add(String name, String value) {
        headers.add(name + ": " + value.replace('\r', ' ').replace('\n', ' '));
    }

    /** Answers with a body. */
    public void reply(int code, byte[] content) throws IOException {
        add("Content-Length", String.valueOf(content.length));
        begin(code);
        if (!head.method().equals("HEAD")) {
            out.write(content);
        }
        out.flush();
    }

    /**
     * Begins an answer that goes on for as long as the client wants it: a WebSocket on which each
     * line is a text message when the client asks for one, otherwise a body of unknown length.
     *
     * @param whenGone called on another thread when the client has gone
     */
    public OutputStream stream(Runnable whenGone) throws IOException {
        keepAlive = false;
        socket.setSoTimeout(0);
        OutputStream stream = isWebSocket() ? upgrade() : plain();
        response = stream;
        Thread.ofVirtual().name("weir-api-client").start(() -> awaitEnd(stream, whenGone));
        return stream;
    }

    private OutputStream plain() throws IOException {
        if (head.version().equals("HTTP/1.0")) {
            begin(200);
            return new UntilTheEnd(out);
        }
        add("Transfer-Encoding", "chunked");
        begin(200);
        return new ChunkedOutput(out);
    }

    private boolean isWebSocket() {
        return head.method().equals("GET")
                && head.lists("Connection", "Upgrade")
                && head.lists("Upgrade", "websocket")
                && !head.header("Sec-WebSocket-Key").isEmpty();
    }

    private OutputStream upgrade() throws IOException {
        String text =
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: "
                        + WebSocketStream.accept(head.header("Sec-WebSocket-Key"))
                        + "\r\n\r\n";
        answered = true;
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return new WebSocketStream(out);
    }

    /** A client that gets a long answer has nothing to say but that it goes. */
    private void awaitEnd(OutputStream stream, Runnable whenGone) {
        try {
            if (stream instanceof WebSocketStream webSocket) {
                webSocket.serveClient(in);
            } else {
                in.skip(Long.MAX_VALUE);
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("client gone");
        }
        whenGone.run();
    }

    private void begin(int code) throws IOException {
        answered = true;
        StringBuilder text = new StringBuilder(256);
        text.append("HTTP/1.1 ").append(code).append(' ').append(Reasons.of(code)).append("\r\n");
        headers.forEach(header -> text.append(header).append("\r\n"));
        if (!keepAlive) {
            text.append("Connection: close\r\n");
        }
        out.write(text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns whether an answer has been begun. */
    public boolean isAnswered() {
        return answered;
    }

    /** Completes the answer; returns whether the connection may be used again. */
    boolean end() throws IOException {
        OutputStream open = response;
        if (open != null) {
            open.close();
        }
        if (!answered || !keepAlive || (!continued && head.lists("Expect", "100-continue"))) {
            return false;
        }
        body.skip(MOST_DRAINED);
        return body.read() < 0;
    }

    /** A body that ends with the connection. */
    private static final class UntilTheEnd extends FilterOutputStream {

        UntilTheEnd(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            out.write(source, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
