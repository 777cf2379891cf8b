package io.weir.picker.scrape;

import io.weir.picker.Endpoint;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.InFlight;
import io.weir.picker.state.Scraped;
import io.weir.picker.state.ServedModels;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What is asked of one server, and what becomes of the answers.
 *
 * <pre>
 * RESTING ── due ─▶ METRICS ── answer ─▶ (MODELS, now and then) ── answer ─▶ RESTING
 *    ▲                 │                        │
 *    └──── failure ────┴────────────────────────┘
 * </pre>
 *
 * <p>A server that refuses the connection is unreachable at once, one that does not answer after
 * three times.
 */
final class EndpointScraper implements ServerConnection.Listener {

    private static final List<String> ENGINE_LABELS =
            List.of("inference.networking.k8s.io/engine-type", "llm-d.ai/engine-type");
    private static final int FAILURES_UNTIL_UNREACHABLE = 3;
    private static final int OK = 200;

    private final EndpointState state;
    private final ScrapeLoop loop;
    private final ScrapeTools tools;
    private final ScrapePace pace;
    private final ServerConnection connection;
    private final MetricsParser parser;
    private final ByteBuffer metricsRequest;
    private final ByteBuffer modelsRequest;
    private @Nullable ModelsReader modelsReader;
    private @Nullable Adapters modelsReadWith;
    private long modelsReadNanos;
    private int requestsWhenAsked;
    private long tokensWhenAsked;
    private boolean hasMetrics;
    private int failures;

    EndpointScraper(
            EndpointState state, ScrapeLoop loop, ScrapeTools tools, RandomGenerator random) {
        Endpoint endpoint = state.endpoint();
        this.state = state;
        this.loop = loop;
        this.tools = tools;
        this.pace = new ScrapePace(loop.times(), random);
        this.connection = new ServerConnection(loop, endpoint, this);
        this.parser = new MetricsParser(MetricNames.forEngine(engine(endpoint.labels())));
        this.metricsRequest = connection.request("/metrics");
        this.modelsRequest = connection.request("/v1/models");
    }

    /** Asks for metrics, and for models when they are due. */
    void ask() {
        InFlight load = state.inFlight();
        requestsWhenAsked = load.requests();
        tokensWhenAsked = load.tokens();
        modelsReader = null;
        parser.begin();
        connection.ask(metricsRequest, parser);
    }

    void checkTime(long nowNanos) {
        connection.checkTime(nowNanos);
    }

    void close() {
        connection.close();
    }

    @Override
    public void answered(int status) {
        ModelsReader reader = modelsReader;
        if (reader != null) {
            takeModels(status, reader);
            rest();
            return;
        }
        takeMetrics(status);
        if (areModelsDue()) {
            ModelsReader next = new ModelsReader(tools.json());
            modelsReader = next;
            state.modelsInDoubt(false);
            connection.ask(modelsRequest, next);
        } else {
            rest();
        }
    }

    @Override
    public void failed(IOException cause) {
        failures++;
        boolean isGone = cause instanceof ConnectException || cause instanceof UnknownHostException;
        if (isGone || failures >= FAILURES_UNTIL_UNREACHABLE) {
            tools.unreachable(state, cause, failures);
        }
        if (isGone) {
            // The process is not there any more, nor is its cache.
            state.prefixes().clear();
            modelsReadWith = null;
        }
        pace.unanswered();
        loop.schedule(this, pace.pauseNanos());
    }

    private void rest() {
        failures = 0;
        if (hasMetrics) {
            pace.answered(isBusy());
        } else {
            pace.unanswered();
        }
        loop.schedule(this, pace.pauseNanos());
    }

    private void takeMetrics(int status) {
        state.health().reachable(true);
        hasMetrics = status == OK;
        if (!hasMetrics) {
            return;
        }
        parser.end();
        InFlight load = state.inFlight();
        state.scraped(
                new Scraped(
                        loop.nanoTime(),
                        parser.waitingRequests(),
                        parser.runningRequests(),
                        parser.kvCacheUsage(),
                        parser.blockTokens(),
                        parser.blocks(),
                        parser.adapters(),
                        Math.max(requestsWhenAsked, load.requests()),
                        Math.max(tokensWhenAsked, load.tokens())));
    }

    /**
     * Returns whether to ask for the list of models: now and then; and soon when other adapters are
     * in use than before, or somebody asked for a model that is not on it.
     */
    private boolean areModelsDue() {
        if (modelsReadWith == null) {
            return true;
        }
        boolean isInDoubt =
                state.areModelsInDoubt() || !state.scraped().adapters().equals(modelsReadWith);
        Duration due = isInDoubt ? loop.times().idle() : loop.times().models();
        return loop.nanoTime() - modelsReadNanos > due.toNanos();
    }

    private void takeModels(int status, ModelsReader reader) {
        if (status == OK) {
            state.models(tools.shared(ServedModels.of(reader.read())));
        }
        modelsReadNanos = loop.nanoTime();
        modelsReadWith = state.scraped().adapters();
    }

    private boolean isBusy() {
        Scraped scraped = state.scraped();
        return state.inFlight().requests() > 0
                || scraped.waitingRequests() > 0
                || scraped.runningRequests() > 0;
    }

    private static @Nullable String engine(Map<String, String> labels) {
        for (String label : ENGINE_LABELS) {
            if (labels.containsKey(label)) {
                return labels.get(label);
            }
        }
        return null;
    }
}
