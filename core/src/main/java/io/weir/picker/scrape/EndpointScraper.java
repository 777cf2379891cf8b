package io.weir.picker.scrape;

import io.weir.picker.Endpoint;
import io.weir.picker.plugin.DataPlugin.GpuSource;
import io.weir.picker.plugin.DataPlugin.MetricsSource;
import io.weir.picker.plugin.DataPlugin.ModelsSource;
import io.weir.picker.plugin.DataPlugin.Page;
import io.weir.picker.scrape.ServerConnection.Engines;
import io.weir.picker.setup.DataLayerSettings;
import io.weir.picker.setup.ScrapePlan;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

import javax.net.ssl.SSLException;

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
    private static final long LEAST_NANOS = Duration.ofMillis(10).toNanos();

    private final EndpointState state;
    private final ScrapeLoop loop;
    private final ScrapeTools tools;
    private final ScrapePace pace;
    private ScrapePlan plan = ScrapePlan.DEFAULT;
    private @Nullable ScrapePlan nextPlan;
    private Target metrics;
    private Target models;
    private MetricsParser parser;
    private Map<String, Double> custom = Map.of();
    private @Nullable GpuWatch gpus;
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
        this.metrics = target(DataLayerSettings.METRICS.page());
        this.models = new Target(metrics.connection(), metrics.connection().request("/v1/models"));
        this.parser = new MetricsParser(MetricNames.forEngine(engine(endpoint.labels(), plan)));
    }

    /**
     * Where something is asked for.
     *
     * @param connection connection to the port
     * @param request the request
     */
    private record Target(ServerConnection connection, ByteBuffer request) {}

    /** Asks for something else from the next time on. */
    void configure(ScrapePlan wanted) {
        nextPlan = wanted.equals(plan) ? null : wanted;
    }

    /** Asks for metrics, and for models when they are due. */
    void ask() {
        if (nextPlan != null) {
            turnTo(nextPlan);
        }
        if (gpus != null) {
            gpus.askIfDue();
        }
        modelsReader = null;
        if (plan.metrics() == null) {
            askForModelsOrRest();
            return;
        }
        InFlight load = state.inFlight();
        requestsWhenAsked = load.requests();
        tokensWhenAsked = load.tokens();
        parser.begin();
        metrics.connection().ask(metrics.request(), parser);
    }

    private void turnTo(ScrapePlan wanted) {
        plan = wanted;
        nextPlan = null;
        close();
        MetricsSource metricsSource = wanted.metrics();
        ModelsSource modelsSource = wanted.models();
        Page page = (metricsSource == null ? DataLayerSettings.METRICS : metricsSource).page();
        Page list = (modelsSource == null ? DataLayerSettings.MODELS : modelsSource).page();
        metrics = target(page);
        gpus = watch(wanted.gpus());
        models =
                list.port() == page.port() && list.tls().equals(page.tls())
                        ? new Target(
                                metrics.connection(), metrics.connection().request(list.path()))
                        : target(list);
        String engine = engine(state.endpoint().labels(), wanted);
        parser =
                new MetricsParser(
                        new CustomMetrics(wanted.core().custom()),
                        MetricNames.forEngine(engine, wanted.core().engines()));
    }

    private @Nullable GpuWatch watch(@Nullable GpuSource source) {
        if (source == null) {
            return null;
        }
        Endpoint endpoint = state.endpoint();
        String address = source.onNode() ? endpoint.nodeAddress() : endpoint.address();
        if (address.isEmpty()) {
            return null;
        }
        Duration interval = Objects.requireNonNullElse(source.interval(), loop.times().idle());
        return new GpuWatch(
                listener -> connection(source.page(), address, listener),
                source.page().path(),
                new GpuPage(endpoint.podName()),
                loop,
                Math.max(LEAST_NANOS, interval.toNanos()),
                this::publishAttributes);
    }

    private void publishAttributes() {
        Map<String, Double> values = new HashMap<>(custom);
        if (gpus != null && !Double.isNaN(gpus.utilization())) {
            values.put(GpuWatch.ATTRIBUTE, gpus.utilization());
        }
        state.attributes(values);
    }

    private Target target(Page page) {
        ServerConnection connection = connection(page, state.endpoint().address(), this);
        return new Target(connection, connection.request(page.path()));
    }

    private ServerConnection connection(
            Page page, String address, ServerConnection.Listener listener) {
        Endpoint endpoint = state.endpoint();
        Endpoint at =
                new Endpoint(
                        endpoint.name(),
                        endpoint.podName(),
                        address,
                        page.port() == 0 ? endpoint.port() : page.port(),
                        endpoint.labels());
        Engines tls =
                page.tls()
                        .<Engines>map(wanted -> (host, port) -> tools.engine(wanted, host, port))
                        .orElse(null);
        return new ServerConnection(loop, at, tls, listener);
    }

    void checkTime(long nowNanos) {
        metrics.connection().checkTime(nowNanos);
        if (gpus != null) {
            gpus.checkTime(nowNanos);
        }
        if (!isShared()) {
            models.connection().checkTime(nowNanos);
        }
    }

    void close() {
        metrics.connection().close();
        if (gpus != null) {
            gpus.close();
        }
        if (!isShared()) {
            models.connection().close();
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isShared() {
        return metrics.connection() == models.connection();
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
        askForModelsOrRest();
    }

    private void askForModelsOrRest() {
        if (areModelsDue()) {
            ModelsReader next = new ModelsReader(tools.json());
            modelsReader = next;
            state.modelsInDoubt(false);
            models.connection().ask(models.request(), next);
        } else {
            rest();
        }
    }

    @Override
    public void failed(IOException cause) {
        failures++;
        if (cause instanceof SSLException) {
            tools.forgetCertificates();
        }
        tools.failed();
        boolean isGone = cause instanceof ConnectException || cause instanceof UnknownHostException;
        if (isGone || failures >= FAILURES_UNTIL_UNREACHABLE) {
            tools.unreachable(state, cause, failures);
        }
        if (isGone) {
            // The process is not there any more, nor is its cache.
            state.forgetCache();
            modelsReadWith = null;
        }
        pace.unanswered();
        loop.schedule(this, pace.pauseNanos());
    }

    private void rest() {
        failures = 0;
        if (hasMetrics) {
            pace.answered(plan.loadMatters() && isBusy());
        } else {
            pace.unanswered();
        }
        loop.schedule(this, pauseNanos());
    }

    private long pauseNanos() {
        MetricsSource source = plan.metrics();
        Duration interval = source == null ? null : source.interval();
        return hasMetrics && interval != null
                ? Math.max(LEAST_NANOS, interval.toNanos())
                : pace.pauseNanos();
    }

    private void takeMetrics(int status) {
        state.health().reachable(true);
        hasMetrics = status == OK;
        if (!hasMetrics) {
            tools.failed();
            return;
        }
        parser.end();
        if (parser.hasCustom()) {
            custom = parser.custom();
            publishAttributes();
        }
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
        if (plan.models() == null) {
            return false;
        }
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

    private static @Nullable String engine(Map<String, String> labels, ScrapePlan plan) {
        String named = labels.get(plan.core().engineLabel());
        if (named != null) {
            return named;
        }
        for (String label : ENGINE_LABELS) {
            if (labels.containsKey(label)) {
                return labels.get(label);
            }
        }
        String fallback = plan.core().defaultEngine();
        // What a server is can be seen from its metrics, unless somebody knows better.
        return fallback.equals(DataLayerSettings.CORE.defaultEngine()) ? null : fallback;
    }
}
