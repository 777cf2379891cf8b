package io.weir.app.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.weir.kubernetes.embedded.Kubeconfig;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Stands between a program and an API server, and makes it look worse than it is. */
final class ApiProxy implements AutoCloseable {

    private static final Set<String> FORWARDED =
            Set.of("authorization", "accept", "content-type", "user-agent");

    private final Kubeconfig behind;
    private final HttpServer server;
    private final HttpClient client;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> hidden = ConcurrentHashMap.newKeySet();
    private final Set<InputStream> watches = ConcurrentHashMap.newKeySet();

    private ApiProxy(Kubeconfig behind, HttpServer server, HttpClient client) {
        this.behind = behind;
        this.server = server;
        this.client = client;
    }

    static ApiProxy before(Kubeconfig api) throws Exception {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpClient client = HttpClient.newBuilder().sslContext(trusting(api)).build();
        ApiProxy proxy = new ApiProxy(api, HttpServer.create(address, 0), client);
        proxy.server.createContext("/", proxy::forward);
        proxy.server.setExecutor(proxy.threads);
        proxy.server.start();
        return proxy;
    }

    private static SSLContext trusting(Kubeconfig api)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        byte[] pem = api.authorityPem().getBytes(StandardCharsets.UTF_8);
        store.setCertificateEntry(
                "api",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem)));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Returns how to reach the API through here. */
    Kubeconfig kubeconfig() {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new Kubeconfig(url, behind.authorityPem(), behind.token());
    }

    /** Answers 404 to every path with one of these words in it. */
    void hide(String... words) {
        hidden.addAll(List.of(words));
    }

    void showAll() {
        hidden.clear();
    }

    /** Ends every watch. */
    void cutWatches() throws IOException {
        for (InputStream watch : watches) {
            watch.close();
        }
    }

    /** Returns how many watches run. */
    int watches() {
        return watches.size();
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            if (hidden.stream().anyMatch(path::contains)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            HttpResponse<InputStream> reply =
                    client.send(request(exchange), BodyHandlers.ofInputStream());
            reply.headers()
                    .firstValue("content-type")
                    .ifPresent(type -> exchange.getResponseHeaders().set("content-type", type));
            exchange.sendResponseHeaders(reply.statusCode(), 0);
            copy(path.contains("watch="), reply.body(), exchange.getResponseBody());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest request(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(behind.server().resolve(exchange.getRequestURI().toString()))
                        .method(
                                exchange.getRequestMethod(),
                                body.length == 0
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders()
                .forEach((name, values) -> {
                    if (FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                        values.forEach(value -> request.header(name, value));
                    }
                });
        return request.build();
    }

    private void copy(boolean isWatch, InputStream in, OutputStream out) throws IOException {
        if (isWatch) {
            watches.add(in);
        }
        try (in;
                out) {
            byte[] buffer = new byte[8192];
            for (int count; (count = in.read(buffer)) >= 0; ) {
                out.write(buffer, 0, count);
                out.flush();
            }
        } finally {
            watches.remove(in);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.shutdownNow();
        threads.shutdownNow();
    }
}
