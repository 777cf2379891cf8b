package io.weir.kubernetes.embedded;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.SSLContext;

/** A client on one connection that costs little, so that a measurement is about the server. */
final class LeanClient implements AutoCloseable {

    private final java.net.Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String token;

    LeanClient(EmbeddedApi api, SSLContext tls) throws IOException {
        socket = tls.getSocketFactory().createSocket("127.0.0.1", api.address().getPort());
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
        out = socket.getOutputStream();
        token = api.kubeconfig().token();
    }

    /** Sends a request and returns the status of the answer. */
    int send(String method, String path, String contentType, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head =
                method
                        + " "
                        + path
                        + " HTTP/1.1\r\nHost: api\r\nAccept: application/json\r\nAuthorization: Bearer "
                        + token
                        + "\r\nContent-Type: "
                        + contentType
                        + "\r\nContent-Length: "
                        + content.length
                        + "\r\n\r\n";
        byte[] first = head.getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[first.length + content.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(content, 0, all, first.length, content.length);
        out.write(all);
        out.flush();
        return answer();
    }

    private int answer() throws IOException {
        int code = Integer.parseInt(line().split(" ", -1)[1]);
        int length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.startsWith("Content-Length: ")) {
                length = Integer.parseInt(line.substring(16));
            }
        }
        in.skipNBytes(length);
        return code;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int value = in.read(); value != '\n'; value = in.read()) {
            if (value < 0) {
                throw new EOFException();
            }
            if (value != '\r') {
                line.append((char) value);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
