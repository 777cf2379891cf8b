package io.weir.picker.scrape;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** A model server with metrics and models, on a real socket. */
final class FakeServer implements AutoCloseable {

    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger metricsRequests = new AtomicInteger();
    final AtomicInteger modelsRequests = new AtomicInteger();
    volatile String metrics = MetricPages.vllm(0, 0, 0, "");
    volatile String models = "{\"object\":\"list\",\"data\":[{\"id\":\"llama\",\"parent\":null}]}";
    volatile String metricsPath = "/metrics";
    volatile int metricsStatus = 200;
    volatile boolean hangs;
    volatile boolean closesAfterEach;

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    FakeServer(int port) throws IOException {
        this(new ServerSocket(), port);
    }

    private FakeServer(ServerSocket listener, int port) throws IOException {
        this.listener = listener;
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Thread.ofVirtual().start(this::accept);
    }

    static FakeServer start() throws IOException {
        return new FakeServer(0);
    }

    /** Returns a server that speaks TLS, to clients with a certificate only if so wanted. */
    static FakeServer start(SSLContext tls, boolean needsCertificates) throws IOException {
        var listener = (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
        listener.setNeedClientAuth(needsCertificates);
        return new FakeServer(listener, 0);
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            String request = in.readLine();
            while (request != null) {
                answer(in, request, socket);
                request = closesAfterEach ? null : in.readLine();
            }
        } catch (IOException e) {
            // The scraper has gone.
        } finally {
            open.remove(socket);
        }
    }

    private void answer(BufferedReader in, String request, Socket socket) throws IOException {
        String header = in.readLine();
        while (header != null && !header.isEmpty()) {
            header = in.readLine();
        }
        boolean isMetrics = request.startsWith("GET " + metricsPath + " ");
        (isMetrics ? metricsRequests : modelsRequests).incrementAndGet();
        if (hangs) {
            in.readLine();
            return;
        }
        String body = isMetrics ? metrics : models;
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head =
                "HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n"
                        .formatted(isMetrics ? metricsStatus : 200, bytes.length);
        OutputStream out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
    }
}
