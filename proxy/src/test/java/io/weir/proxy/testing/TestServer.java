package io.weir.proxy.testing;

import io.weir.picker.Endpoint;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does with each connection what a test wants. */
public final class TestServer implements AutoCloseable {

    /** What happens on a connection. */
    @FunctionalInterface
    public interface Script {
        /** Serves a connection until it returns; the connection is closed then. */
        void serve(Connection connection) throws IOException, InterruptedException;
    }

    /** What is answered to a request. */
    @FunctionalInterface
    public interface Responder {
        /** Writes an answer. */
        void answer(Wire.Message request, Connection connection)
                throws IOException, InterruptedException;
    }

    /** A connection, server side. */
    public static final class Connection {
        private final Socket socket;
        private final BufferedInputStream in;
        private final OutputStream out;
        private final int number;

        Connection(Socket socket, int number) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
            this.number = number;
        }

        /** Returns the number of the connection, from 1. */
        public int number() {
            return number;
        }

        /** Returns what arrives. */
        public BufferedInputStream in() {
            return in;
        }

        /** Sends text at once. */
        public void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        /** Sends bytes at once. */
        public void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Sends a complete answer. */
        public void respond(int status, String contentType, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            send(
                    "HTTP/1.1 %d Status\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n%s"
                            .formatted(status, contentType, bytes.length, body));
        }

        /** Sends the head of a chunked answer. */
        public void beginChunked(String contentType) throws IOException {
            send(
                    """
                    HTTP/1.1 200 OK\r
                    content-type: %s\r
                    transfer-encoding: chunked\r
                    \r
                    """
                            .formatted(contentType));
        }

        /** Sends the end of a chunked answer. */
        public void endChunked() throws IOException {
            send("0\r\n\r\n");
        }

        /** Sends a chunk. */
        public void chunk(String text) throws IOException {
            int length = text.getBytes(StandardCharsets.UTF_8).length;
            send(Integer.toHexString(length) + "\r\n" + text + "\r\n");
        }

        /** Closes with a reset instead of an orderly end. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Waits until the other side closes; returns how many bytes came before. */
        public long awaitClose() {
            try {
                return in.readAllBytes().length;
            } catch (IOException e) {
                return 0;
            }
        }
    }

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Wire.Message> requests = new CopyOnWriteArrayList<>();
    private final Script script;

    private TestServer(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
        Thread.ofVirtual().start(this::accept);
    }

    /** Starts a server that runs a script on each connection. */
    public static TestServer scripted(Script script) throws IOException {
        return new TestServer(new ServerSocket(0, 4096, InetAddress.getLoopbackAddress()), script);
    }

    /** Starts a server that answers requests and keeps connections. */
    public static TestServer answering(Responder responder) throws IOException {
        TestServer[] self = new TestServer[1];
        self[0] =
                scripted(connection -> {
                    while (true) {
                        Wire.Message request = Wire.readRequest(connection.in());
                        self[0].requests.add(request);
                        responder.answer(request, connection);
                    }
                });
        return self[0];
    }

    /** Starts a server that answers each request with a name. */
    public static TestServer named(String name) throws IOException {
        return answering((_, connection) -> connection.respond(200, "text/plain", name));
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.serve(new Connection(socket, accepted.incrementAndGet()));
        } catch (SocketException | java.io.EOFException e) {
            // The other side is gone.
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            sockets.remove(socket);
        }
    }

    /** Returns the requests that were answered. */
    public List<Wire.Message> requests() {
        return requests;
    }

    /** Returns how many connections were accepted. */
    public int accepted() {
        return accepted.get();
    }

    /** Returns how many connections are open. */
    public int open() {
        return sockets.size();
    }

    /** Returns the port. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Returns the server as an endpoint. */
    public Endpoint endpoint() {
        return new Endpoint("server-" + port(), "", "127.0.0.1", port(), Map.of());
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
