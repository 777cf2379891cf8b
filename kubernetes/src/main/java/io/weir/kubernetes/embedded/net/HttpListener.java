package io.weir.kubernetes.embedded.net;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Accepts connections and serves their requests. */
public final class HttpListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
    private static final int BACKLOG = 256;
    private static final int MOST_CONNECTIONS = 4_000;
    private static final int SILENCE_MILLIS = 90_000;
    private static final int BUFFER = 16 << 10;

    private final SSLServerSocket server;
    private final Handler handler;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Semaphore room = new Semaphore(MOST_CONNECTIONS);

    /** Answers requests, each on the thread of its connection. */
    @FunctionalInterface
    public interface Handler {

        /** Answers a request. Throwing ends the connection. */
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /**
     * Listens.
     *
     * @param tls keys and trust of the server; clients may have certificates
     * @throws IOException when the address can't be bound
     */
    public HttpListener(InetSocketAddress address, SSLContext tls, Handler handler)
            throws IOException {
        this.handler = handler;
        this.server = (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
        SSLParameters parameters = server.getSSLParameters();
        parameters.setWantClientAuth(true);
        server.setSSLParameters(parameters);
        server.setReuseAddress(true);
        try {
            server.bind(address, BACKLOG);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        Thread.ofVirtual().name("weir-api-accept").start(this::accept);
    }

    /** Returns the address that is listened on. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Returns how many connections there are. */
    public int connections() {
        return connections.size();
    }

    /** Stops listening and cuts every connection. */
    @Override
    public void close() {
        end(server);
        connections.forEach(HttpListener::end);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                SSLSocket socket = (SSLSocket) server.accept();
                if (!room.tryAcquire()) {
                    end(socket);
                    continue;
                }
                connections.add(socket);
                Thread.ofVirtual().name("weir-api-connection").start(() -> serve(socket));
            } catch (SocketException e) {
                LOG.atDebug().setCause(e).log("no longer listening");
            } catch (IOException e) {
                LOG.atWarn().setCause(e).log("connection not accepted");
            }
        }
    }

    private void serve(SSLSocket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.startHandshake();
            List<X509Certificate> certificates = certificates(socket);
            InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
            requests(socket, in, out, certificates);
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("connection ended");
        } catch (InterruptedException e) {
            LOG.debug("connection ended by shutdown");
        } finally {
            connections.remove(socket);
            room.release();
        }
    }

    private void requests(
            SSLSocket socket, InputStream in, OutputStream out, List<X509Certificate> certificates)
            throws IOException, InterruptedException {
        boolean again = true;
        while (again && !server.isClosed()) {
            try {
                Optional<RequestHead> head = RequestHead.read(in);
                if (head.isEmpty()) {
                    return;
                }
                HttpExchange exchange = new HttpExchange(head.get(), socket, in, out, certificates);
                handler.handle(exchange);
                again = exchange.end();
                socket.setSoTimeout(SILENCE_MILLIS);
            } catch (RequestHead.Malformed e) {
                refuse(out, String.valueOf(e.getMessage()));
                return;
            }
        }
    }

    private static void refuse(OutputStream out, String why) throws IOException {
        byte[] body = ("bad request: " + why + "\n").getBytes(StandardCharsets.UTF_8);
        String head =
                "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n"
                        + "Content-Length: "
                        + body.length
                        + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }

    private static List<X509Certificate> certificates(SSLSocket socket) {
        try {
            Certificate[] peer = socket.getSession().getPeerCertificates();
            return Stream.of(peer).map(X509Certificate.class::cast).toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    private static void end(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            LOG.atDebug().setCause(e).log("not closed");
        }
    }
}
