package io.weir.picker.builtin;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.latency.LatencyPredictor;
import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.prefix.PrefixReuse;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.Scraped;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Candidates for tests of plugins. */
final class PluginTesting {

    static final long NOW = 5_000_000_000L;

    final List<EndpointState> endpoints = new ArrayList<>();
    private final PickContext context = new PickContext(new SplittableRandom(1));
    private @Nullable LatencyPredictor predictor;
    private PickRequest request = request("llama", 0, new byte[0], 0);

    static Scraped scraped(int waiting, int running, double kvCacheUsage, Adapters adapters) {
        return new Scraped(NOW, waiting, running, kvCacheUsage, 0, 0, adapters, 0, 0);
    }

    static PickRequest request(String model, int priority, byte[] prompt, long promptTokens) {
        return new PickRequest(
                model,
                false,
                List.of(ByteBuffer.wrap(prompt)),
                promptTokens,
                -1,
                priority,
                "default-flow",
                null);
    }

    EndpointState add() {
        int i = endpoints.size();
        EndpointState state =
                new EndpointState(new Endpoint("e" + i, "e" + i, "10.0.0." + i, 80, Map.of()));
        endpoints.add(state);
        return state;
    }

    PluginTesting queues(int... waiting) {
        for (int q : waiting) {
            add().scraped(scraped(q, 0, 0, Adapters.NONE));
        }
        return this;
    }

    PluginTesting running(int... running) {
        for (int r : running) {
            add().scraped(scraped(0, r, 0, Adapters.NONE));
        }
        return this;
    }

    PluginTesting kvCaches(double... usages) {
        for (double usage : usages) {
            add().scraped(scraped(0, 0, usage, Adapters.NONE));
        }
        return this;
    }

    PluginTesting adapters(Set<String> active, Set<String> waiting, int max) {
        add().scraped(scraped(0, 0, 0, new Adapters(active, waiting, max)));
        return this;
    }

    PluginTesting inFlight(int... requests) {
        for (int n : requests) {
            EndpointState state = add();
            for (int i = 0; i < n; i++) {
                state.inFlight().addRequest();
            }
        }
        return this;
    }

    PluginTesting prefillTokens(long... tokens) {
        for (long t : tokens) {
            add().inFlight().addPrefillTokens(t);
        }
        return this;
    }

    PluginTesting predictor(LatencyPredictor other) {
        predictor = other;
        return this;
    }

    PluginTesting request(PickRequest other) {
        request = other;
        return this;
    }

    /** Lets an endpoint know a prompt, as though it had been sent there. */
    void send(int index, byte[] prompt) {
        PickRequest earlier = request("llama", 0, prompt, prompt.length / 4);
        context.begin(earlier, array(), PrefixSettings.DEFAULT, predictor, NOW);
        context.prefixes().record(index);
        context.end();
    }

    double[] scores(Scorer scorer) {
        double[] scores = new double[endpoints.size()];
        scorer.score(begin(), scores);
        return scores;
    }

    PluginTesting reuse(PrefixReuse reuse) {
        context.prefixes().reuse(reuse);
        return this;
    }

    /** Returns the indexes of the endpoints that stay; none when the filter fails. */
    List<Integer> kept(Filter filter) {
        begin();
        List<Integer> kept = new ArrayList<>();
        if (context.apply(filter)) {
            for (int i = 0; i < context.size(); i++) {
                kept.add(context.index(i));
            }
        }
        return kept;
    }

    PickContext begin() {
        context.begin(request, array(), PrefixSettings.DEFAULT, predictor, NOW);
        context.admitAll();
        return context;
    }

    private EndpointState[] array() {
        return endpoints.toArray(EndpointState[]::new);
    }
}
