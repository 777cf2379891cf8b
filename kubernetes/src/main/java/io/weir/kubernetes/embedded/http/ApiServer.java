package io.weir.kubernetes.embedded.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import io.weir.kubernetes.embedded.engine.Engine;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.kind.WireTypes;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.table.Tables;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The HTTP server. One virtual thread serves one request. */
public final class ApiServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int MAX_REQUESTS = 400;
    private static final String BEARER = "Bearer ";
    private static final String PREFIX = "kinds";

    private final HttpServer server;
    private final ExecutorService executor;
    private final Router router;
    private final Authentication authentication;
    private final Semaphore requests = new Semaphore(MAX_REQUESTS);

    /**
     * Listens.
     *
     * @param tls keys and trust of the server
     * @throws IOException when the address can't be bound
     */
    public ApiServer(
            InetSocketAddress address,
            SSLContext tls,
            Authentication authentication,
            Kinds kinds,
            WireTypes wire,
            Engine engine,
            PodLogs logs,
            AccountTokens tokens,
            InstantSource clock)
            throws IOException {
        this.authentication = authentication;
        Replies replies = new Replies(new Tables(clock));
        Bodies bodies = new Bodies(new Protobuf(wire));
        Reviews reviews = new Reviews(bodies);
        Subresources subresources = new Subresources(engine, replies, bodies, logs, tokens);
        this.router =
                new Router(
                        new Verbs(kinds, engine, replies, bodies, subresources),
                        new Discovery(kinds, reviews),
                        new AggregatedDiscovery(kinds, engine.store(), reviews),
                        new OpenApi(kinds),
                        reviews);
        this.executor =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("weir-api-", 0).factory());
        this.server = listen(address, tls);
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Returns the address that the server listens on. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Stops listening and ends every request. */
    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }

    private static HttpServer listen(InetSocketAddress address, SSLContext tls) throws IOException {
        avoidDelays();
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(tls) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters ssl = tls.getDefaultSSLParameters();
                        ssl.setWantClientAuth(true);
                        parameters.setSSLParameters(ssl);
                    }
                });
        return server;
    }

    /**
     * The JDK's server reads these once; without them every answer waits for an acknowledgement.
     */
    private static void avoidDelays() {
        setDefault("sun.net.httpserver.nodelay", "true");
        setDefault("sun.net.httpserver.maxIdleConnections", "2000");
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            Call call = new Call(exchange);
            try {
                serve(call, exchange);
            } catch (ApiError e) {
                fail(call, e);
            }
        } catch (InterruptedException e) {
            LOG.debug("request ended by shutdown");
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("client gone");
        } catch (ApiError e) {
            LOG.atDebug().setCause(e).log("request not understood");
        }
    }

    private void serve(Call call, HttpExchange exchange) throws IOException, InterruptedException {
        List<String> path = withoutPrefix(call.segments());
        User user = new User("system:anonymous", List.of(), false);
        if (!Router.isHealth(path)) {
            user = authenticate(call, exchange).orElseThrow(ApiError::unauthorized);
        }
        boolean lasting = call.flag("watch") || call.flag("follow");
        if (!lasting && !requests.tryAcquire()) {
            throw ApiError.tooManyRequests(1);
        }
        try {
            router.serve(call, path, user);
        } catch (RuntimeException e) {
            if (e instanceof ApiError) {
                throw e;
            }
            LOG.atError()
                    .addKeyValue("method", call.method())
                    .addKeyValue("path", String.join("/", path))
                    .setCause(e)
                    .log("request failed");
            throw ApiError.internal(e.toString());
        } finally {
            if (!lasting) {
                requests.release();
            }
        }
    }

    /** Addresses in kubeconfigs may begin with the fingerprint of the kinds. */
    private static List<String> withoutPrefix(List<String> path) {
        return path.size() > 1 && path.getFirst().equals(PREFIX)
                ? path.subList(2, path.size())
                : path;
    }

    private Optional<User> authenticate(Call call, HttpExchange exchange) {
        String header = call.header("Authorization");
        String token = header.startsWith(BEARER) ? header.substring(BEARER.length()).strip() : "";
        return authentication.authenticate(token, certificates(exchange));
    }

    private static List<X509Certificate> certificates(HttpExchange exchange) {
        if (!(exchange instanceof HttpsExchange https)) {
            return List.of();
        }
        try {
            Certificate[] peer = https.getSSLSession().getPeerCertificates();
            return Stream.of(peer).map(X509Certificate.class::cast).toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    private static void fail(Call call, ApiError error) throws IOException {
        if (call.isAnswered()) {
            return;
        }
        if (error.retryAfterSeconds() > 0) {
            call.setHeader("Retry-After", String.valueOf(error.retryAfterSeconds()));
        }
        call.reply(error.code(), error.toStatus());
    }
}
