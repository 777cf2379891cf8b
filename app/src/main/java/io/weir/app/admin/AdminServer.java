package io.weir.app.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.weir.app.admin.Page.Reply;
import io.weir.app.admin.Page.Request;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves admin pages. */
public final class AdminServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AdminServer.class);

    private static final int MOST_BYTES = 16 << 20;

    private final HttpServer server;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("admin-", 0).factory());
    private final Map<String, Page> pages;

    /**
     * Starts to serve.
     *
     * @param port port on the loopback address; 0 for any free one
     * @param pages page by path, for instance {@code /readyz}
     */
    public AdminServer(int port, Map<String, Page> pages) throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), pages);
    }

    /**
     * Starts to serve on an address that others may reach.
     *
     * @param address the address; port 0 for any free one
     * @param pages page by path, for instance {@code /readyz}
     */
    public AdminServer(InetSocketAddress address, Map<String, Page> pages) throws IOException {
        this.pages = new TreeMap<>(pages);
        server = HttpServer.create(address, 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** Returns the port. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            send(exchange, replyTo(exchange));
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("admin page {} failed", exchange.getRequestURI());
        }
    }

    private Reply replyTo(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (!isLocal(exchange.getRequestHeaders().getFirst("Host"))) {
            return Reply.text(403, "use 127.0.0.1 or localhost\n");
        }
        boolean isPost = method.equals("POST");
        if (!method.equals("GET") && !method.equals("HEAD") && !isPost) {
            return Reply.text(405, "GET or POST only\n");
        }
        if (isPost && exchange.getRequestHeaders().containsKey("Origin")) {
            return Reply.text(403, "not for pages of other sites\n");
        }
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/")) {
            return Reply.text(200, String.join("\n", pages.keySet()) + "\n");
        }
        Page page = pages.get(path);
        if (page == null) {
            return Reply.text(404, "no such page, see /\n");
        }
        byte[] body = isPost ? exchange.getRequestBody().readNBytes(MOST_BYTES + 1) : new byte[0];
        if (body.length > MOST_BYTES) {
            return Reply.text(413, "at most " + MOST_BYTES + " bytes\n");
        }
        return page.answer(new Request(isPost, query(exchange), body));
    }

    private static Map<String, List<String>> query(HttpExchange exchange) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        String query = exchange.getRequestURI().getRawQuery();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            parameters.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
        return parameters;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** A page of another site, whose name was made to point here, must not read our pages. */
    private static boolean isLocal(@Nullable String host) {
        if (host == null) {
            return true;
        }
        String name = host.replaceFirst(":\\d+$", "");
        return name.equals("localhost")
                || name.equals("[::1]")
                || name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(reply.status(), reply.body().length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(reply.body());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
