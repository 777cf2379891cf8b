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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Asks one server again and again, on a thread of its own. A server that refuses the connection is
 * unreachable at once, one that does not answer after three times.
 */
final class EndpointScraper implements Runnable {

    private static final List<String> ENGINE_LABELS =
            List.of("inference.networking.k8s.io/engine-type", "llm-d.ai/engine-type");
    private static final int FAILURES_UNTIL_UNREACHABLE = 3;
    private static final int OK = 200;

    private final EndpointState state;
    private final ScrapeTools tools;
    private final ScrapePace pace;
    private final ServerConnection connection;
    private final MetricsParser parser;
    private final byte[] metricsRequest;
    private final byte[] modelsRequest;
    private int failures;
    private long modelsReadNanos;
    private @Nullable Adapters modelsReadWith;
    private volatile boolean ended;

    EndpointScraper(EndpointState state, ScrapeTools tools, RandomGenerator random) {
        Endpoint endpoint = state.endpoint();
        this.state = state;
        this.tools = tools;
        this.pace = new ScrapePace(tools.times(), random);
        this.connection = new ServerConnection(endpoint, tools.times().silence(), tools.nanoTime());
        this.parser = new MetricsParser(MetricNames.forEngine(engine(endpoint.labels())));
        this.metricsRequest = connection.request("/metrics");
        this.modelsRequest = connection.request("/v1/models");
    }

    @Override
    public void run() {
        while (!ended) {
            ask();
            try {
                Thread.sleep(Duration.ofNanos(pace.pauseNanos()));
            } catch (InterruptedException e) {
                // Whoever ended the watch woke this thread, which has nothing else to do.
                break;
            }
        }
        connection.close();
    }

    /** Ends soon; a request under way fails. */
    void end() {
        ended = true;
        connection.close();
    }

    private void ask() {
        try {
            boolean hasMetrics = readMetrics();
            state.health().reachable(true);
            readModelsIfDue();
            failures = 0;
            if (hasMetrics) {
                pace.answered(isBusy());
            } else {
                pace.unanswered();
            }
        } catch (IOException e) {
            if (!ended) {
                failed(e);
            }
        }
    }

    /** Returns whether the server has metrics. */
    private boolean readMetrics() throws IOException {
        InFlight load = state.inFlight();
        int requests = load.requests();
        long tokens = load.tokens();
        parser.begin();
        int status = connection.get(metricsRequest, parser);
        if (status != OK) {
            return false;
        }
        parser.end();
        state.scraped(
                new Scraped(
                        tools.nanoTime().getAsLong(),
                        parser.waitingRequests(),
                        parser.runningRequests(),
                        parser.kvCacheUsage(),
                        parser.blockTokens(),
                        parser.blocks(),
                        parser.adapters(),
                        Math.max(requests, load.requests()),
                        Math.max(tokens, load.tokens())));
        return true;
    }

    /**
     * Reads the list of models now and then; and soon when other adapters are in use than before,
     * or somebody asked for a model that is not on it.
     */
    private void readModelsIfDue() throws IOException {
        Adapters adapters = state.scraped().adapters();
        long now = tools.nanoTime().getAsLong();
        long age = now - modelsReadNanos;
        boolean isInDoubt = state.areModelsInDoubt() || !adapters.equals(modelsReadWith);
        Duration due = isInDoubt ? tools.times().idle() : tools.times().models();
        if (modelsReadWith != null && age <= due.toNanos()) {
            return;
        }
        state.modelsInDoubt(false);
        ModelsReader reader = new ModelsReader(tools.json());
        if (connection.get(modelsRequest, reader) == OK) {
            state.models(tools.shared(ServedModels.of(reader.read())));
        }
        modelsReadNanos = now;
        modelsReadWith = adapters;
    }

    private boolean isBusy() {
        Scraped scraped = state.scraped();
        return state.inFlight().requests() > 0
                || scraped.waitingRequests() > 0
                || scraped.runningRequests() > 0;
    }

    private void failed(IOException e) {
        failures++;
        boolean isGone = e instanceof ConnectException || e instanceof UnknownHostException;
        if (isGone || failures >= FAILURES_UNTIL_UNREACHABLE) {
            tools.unreachable(state, e, failures);
        }
        if (isGone) {
            // The process is not there any more, nor is its cache.
            state.prefixes().clear();
            modelsReadWith = null;
        }
        pace.unanswered();
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
