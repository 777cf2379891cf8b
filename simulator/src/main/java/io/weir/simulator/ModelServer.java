package io.weir.simulator;

import io.netty.channel.EventLoop;
import io.weir.simulator.SimulatorConfig.Adapter;
import io.weir.simulator.engine.Engine;
import io.weir.simulator.events.KvEventLog;
import io.weir.simulator.events.KvEventSettings;
import io.weir.simulator.http.Endpoint;
import io.weir.simulator.http.Exchange;
import io.weir.simulator.http.HttpRequest;
import io.weir.simulator.metrics.ServerMetrics;
import io.weir.simulator.wire.ChatFormat;
import io.weir.simulator.wire.CompletionFormat;
import io.weir.simulator.wire.MessagesFormat;
import io.weir.simulator.wire.RequestException;
import io.weir.simulator.wire.RequestReader.Api;
import io.weir.simulator.wire.ResponsesFormat;
import io.weir.simulator.wire.WireFormat;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What answers on one port: finds out what a request wants. All on the port's event loop. */
final class ModelServer implements Endpoint {

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final SimulatorConfig config;
    private final EventLoop loop;
    private final EngineDriver driver;
    private final ServerMetrics metrics;
    private final FaultControl faults;
    private final Health health;
    private final ModelsApi models;
    private final AdapterApi adapters;
    private final TokenApi tokens;
    private final EmbeddingApi embeddings;
    private final AdminApi admin;
    private final InferenceApi inference;
    private final @Nullable KvEventLog kvEvents;

    ModelServer(SimulatorConfig config, EventLoop loop, Consumer<Duration> refuse) {
        this.config = config;
        this.loop = loop;
        SplittableRandom random = new SplittableRandom(config.seed());
        Engine engine = Engine.of(config.profile(), config.maxAdapters(), config.seed());
        driver = new EngineDriver(engine, loop, System::nanoTime);
        kvEvents = kvEvents(config, engine, loop);
        metrics =
                new ServerMetrics(
                        config.models().getFirst(),
                        config.profile(),
                        config.maxAdapters(),
                        config.maxModelTokens());
        health = new Health(config.startup(), System::nanoTime);
        Models served = new Models(config);
        faults = new FaultControl(config.faults(), engine, random.split(), loop);
        models = new ModelsApi(config, served);
        adapters = new AdapterApi(served, engine);
        tokens = new TokenApi(config);
        embeddings = new EmbeddingApi(config, served);
        admin = new AdminApi(faults, engine, served, refuse);
        inference = new InferenceApi(config, served, driver, metrics, faults, random, loop);
    }

    private static @Nullable KvEventLog kvEvents(
            SimulatorConfig config, Engine engine, EventLoop loop) {
        KvEventSettings settings = config.kvEvents();
        if (settings == null) {
            return null;
        }
        KvEventLog log = new KvEventLog(settings, config.profile().blockTokens(), loop);
        engine.listenToCache(log);
        return log;
    }

    /** Returns what happens in the KV cache; null when nobody wants to know. */
    @Nullable KvEventLog kvEvents() {
        return kvEvents;
    }

    /** Changes what goes wrong; for any thread. */
    void faults(Faults newFaults) {
        loop.submit(() -> faults.set(newFaults)).syncUninterruptibly();
    }

    /** Changes which adapters are offered; for any thread. */
    void adapters(List<String> gone, List<Adapter> present) {
        loop.execute(() -> adapters.change(gone, present));
    }

    /** Returns how many inference requests are under way; for any thread. */
    int openRequests() {
        return inference.openRequests();
    }

    @Override
    public long maxBodyBytes() {
        return config.maxBodyBytes();
    }

    @Override
    public void handle(HttpRequest request, Exchange exchange) {
        String requestId = request.header("x-request-id");
        if (requestId != null) {
            exchange.header("x-request-id", requestId);
        }
        try {
            switch (request.method()) {
                case "POST" -> post(request, exchange);
                case "GET" -> get(request, exchange);
                default -> throw new RequestException(405, "Method Not Allowed", null);
            }
        } catch (RequestException e) {
            Replies.error(exchange, e);
        }
    }

    private void post(HttpRequest request, Exchange exchange) throws RequestException {
        switch (request.path()) {
            case "/v1/chat/completions" -> infer(Api.CHAT, new ChatFormat(), request, exchange);
            case "/v1/completions" ->
                    infer(Api.COMPLETIONS, new CompletionFormat(), request, exchange);
            case "/v1/responses" -> infer(Api.RESPONSES, new ResponsesFormat(), request, exchange);
            case "/v1/messages" -> infer(Api.MESSAGES, new MessagesFormat(), request, exchange);
            case "/v1/embeddings" -> inference.guard(request, exchange, embeddings::handle);
            case "/tokenize" -> tokens.tokenize(request, exchange);
            case "/detokenize" -> tokens.detokenize(request, exchange);
            case "/v1/chat/completions/render" -> tokens.renderChat(request, exchange);
            case "/v1/completions/render" -> tokens.renderPrompts(request, exchange);
            case "/v1/load_lora_adapter" -> adapters.load(request, exchange);
            case "/v1/unload_lora_adapter" -> adapters.unload(request, exchange);
            case "/admin/config" -> admin.change(request, exchange);
            default -> throw new RequestException(404, "Not Found", null);
        }
    }

    private void infer(Api api, WireFormat format, HttpRequest request, Exchange exchange)
            throws RequestException {
        inference.guard(
                request,
                exchange,
                (guarded, answer) -> inference.handle(api, format, guarded, answer));
    }

    private void get(HttpRequest request, Exchange exchange) throws RequestException {
        switch (request.path()) {
            case "/metrics" -> metrics(exchange);
            case "/health", "/ping" -> Replies.empty(exchange);
            case "/health/ready", "/health_generate" -> health.ready(exchange);
            case "/v1/models" -> models.list(exchange);
            case "/version" -> Replies.json(exchange, Replies.object().put("version", "0.11.0"));
            case "/admin/config" -> admin.show(exchange);
            default -> throw new RequestException(404, "Not Found", null);
        }
    }

    private void metrics(Exchange exchange) throws RequestException {
        if (faults.get().hideMetrics()) {
            throw new RequestException(503, "Metrics are hidden on purpose.", null);
        }
        double now = System.currentTimeMillis() / 1e3;
        exchange.reply(200, METRICS_TYPE, metrics.render(driver.engine(), now));
    }
}
