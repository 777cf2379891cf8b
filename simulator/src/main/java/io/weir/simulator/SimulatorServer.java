package io.weir.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.weir.simulator.engine.Engine;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One simulated model server on one port.
 *
 * <p>Each request runs on a virtual thread. Closing waits for answers under way.
 */
public final class SimulatorServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SimulatorServer.class);

    private final SimulatorConfig config;
    private final HttpServer http;
    private final ExecutorService threads;
    private final @Nullable EngineRunner runner;
    private final Models models;
    private final SimulatorMetrics metrics;
    private final FaultControl faults;
    private final Json json = new Json();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean draining;

    private SimulatorServer(SimulatorConfig config, HttpServer http) {
        this.config = config;
        this.http = http;
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        this.runner = config.profile().instant() ? null : runner(config);
        this.models = new Models(config);
        this.metrics = new SimulatorMetrics(config, runner);
        this.faults = new FaultControl(config, runner, models, json);
    }

    private static EngineRunner runner(SimulatorConfig config) {
        var engine = new Engine(config.profile(), config.maxAdapters(), config.seed());
        return new EngineRunner(engine, "engine-" + config.podName());
    }

    /**
     * Starts a server.
     *
     * @param config how it is set up
     * @param address where to listen; port 0 takes any
     * @throws IOException when the address is in use
     */
    public static SimulatorServer start(SimulatorConfig config, InetSocketAddress address)
            throws IOException {
        // Read once, when the first server starts: idle connections must outlive a busy pool.
        setDefault("sun.net.httpserver.maxIdleConnections", "20000");
        setDefault("sun.net.httpserver.nodelay", "true");
        setDefault("sun.net.httpserver.idleInterval", "300");
        HttpServer http = HttpServer.create(address, 4096);
        var server = new SimulatorServer(config, http);
        server.route();
        http.setExecutor(server.threads);
        http.start();
        return server;
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private void route() {
        var completions = new CompletionHandler(config, models, metrics, faults, runner, json);
        var utilities = new UtilityHandlers(config, models, runner, json);
        context("/v1/chat/completions", "POST", completions::chat);
        context("/v1/completions", "POST", completions::completion);
        context("/v1/models", "GET", utilities::models);
        context("/v1/embeddings", "POST", utilities::embeddings);
        context("/v1/load_lora_adapter", "POST", utilities::loadAdapter);
        context("/v1/unload_lora_adapter", "POST", utilities::unloadAdapter);
        context("/tokenize", "POST", utilities::tokenize);
        context("/version", "GET", utilities::version);
        context("/ping", "GET", utilities::ok);
        context("/health", "GET", utilities::ok);
        context("/admin/config", "", faults::handle);
        context("/metrics", "GET", metrics::handle);
        context("/", "", utilities::ok);
    }

    private void context(String path, String method, Exchange.Handler handler) {
        http.createContext(path, exchange -> serve(exchange, path, method, handler));
    }

    private void serve(HttpExchange exchange, String path, String method, Exchange.Handler handler)
            throws IOException {
        var request = new Exchange(exchange, config);
        open.incrementAndGet();
        try {
            // Contexts match by prefix, and "/" stands for everything that no other matches.
            if (path.equals("/") || !exchange.getRequestURI().getPath().equals(path)) {
                throw new HttpError(404, "Not Found", null);
            }
            if (!method.isEmpty() && !exchange.getRequestMethod().equals(method)) {
                throw new HttpError(405, "Method Not Allowed", null);
            }
            if (draining) {
                request.closeAfterwards();
            }
            handler.handle(request);
            exchange.close();
        } catch (HttpError e) {
            request.error(e);
            exchange.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.atError().setCause(e).addKeyValue("path", path).log("a request failed");
            request.error(new HttpError(500, "Internal error", null));
            exchange.close();
        } finally {
            open.decrementAndGet();
        }
    }

    /** Returns the address that the server listens on. */
    public InetSocketAddress address() {
        return http.getAddress();
    }

    /** Returns the port that the server listens on. */
    public int port() {
        return http.getAddress().getPort();
    }

    /** Returns how the server was set up. */
    public SimulatorConfig config() {
        return config;
    }

    /** Returns how many requests are under way. */
    public int openRequests() {
        return open.get();
    }

    /** Changes what goes wrong from now on. */
    public void faults(Faults newFaults) {
        faults.set(newFaults);
    }

    /** Stops accepting, waits for answers under way, at most so long, and stops. */
    public void close(Duration drain) {
        draining = true;
        long deadline = System.nanoTime() + drain.toNanos();
        while (open.get() > 0 && System.nanoTime() < deadline) {
            try {
                Thread.sleep(10);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        http.stop(0);
        threads.shutdownNow();
        if (runner != null) {
            runner.close();
        }
    }

    /** Stops at once; answers under way are cut. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }
}
