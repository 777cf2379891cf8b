package io.weir.kubernetes.embedded.http;

import io.weir.kubernetes.embedded.engine.Engine;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.kind.WireTypes;
import io.weir.kubernetes.embedded.net.HttpExchange;
import io.weir.kubernetes.embedded.net.HttpListener;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.table.Tables;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

import javax.net.ssl.SSLContext;

/** The HTTP server. The virtual thread of a connection serves its requests. */
public final class ApiServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int MAX_REQUESTS = 400;
    private static final String BEARER = "Bearer ";
    private static final String PREFIX = "kinds";

    private final HttpListener server;
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
        this.server = new HttpListener(address, tls, this::handle);
    }

    /** Returns the address that the server listens on. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** Returns how many connections there are. */
    public int connections() {
        return server.connections();
    }

    /** Stops listening and ends every request. */
    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpExchange exchange) throws IOException, InterruptedException {
        try {
            Call call = new Call(exchange);
            try {
                serve(call, exchange);
            } catch (ApiError e) {
                fail(call, e);
            }
        } catch (ApiError e) {
            exchange.add("Content-Type", "application/json");
            exchange.reply(e.code(), Trees.bytes(e.toStatus()));
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
        return authentication.authenticate(token, exchange.certificates());
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
