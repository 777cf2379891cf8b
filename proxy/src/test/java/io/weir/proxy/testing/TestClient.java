package io.weir.proxy.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A client that writes what a test says and reads byte by byte. */
public final class TestClient implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final BufferedInputStream in;

    private TestClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects. */
    public static TestClient connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(address);
        return new TestClient(socket);
    }

    /** Sends text at once. */
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes at once. */
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Sends a POST of JSON. */
    public void post(String path, String json, String... headers) throws IOException {
        int length = json.getBytes(StandardCharsets.UTF_8).length;
        send(
                "POST %s HTTP/1.1\r\nhost: example.com\r\ncontent-type: application/json\r\n"
                                .formatted(path)
                        + "content-length: "
                        + length
                        + "\r\n"
                        + Arrays.stream(headers)
                                .map(header -> header + "\r\n")
                                .collect(Collectors.joining())
                        + "\r\n"
                        + json);
    }

    /** Sends a GET. */
    public void get(String path) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nhost: example.com\r\n\r\n");
    }

    /** Reads an answer. */
    public Wire.Message read() throws IOException {
        return Wire.readResponse(in, "GET");
    }

    /** Reads an answer to a request with a method. */
    public Wire.Message read(String method) throws IOException {
        return Wire.readResponse(in, method);
    }

    /** Returns what arrives. */
    public BufferedInputStream in() {
        return in;
    }

    /** Returns whether the other side has closed the connection; waits for it. */
    public boolean awaitClose() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    /** Leaves with a reset instead of an orderly end. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Returns the socket. */
    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
