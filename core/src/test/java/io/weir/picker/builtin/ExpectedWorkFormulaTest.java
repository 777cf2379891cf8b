package io.weir.picker.builtin;

import static io.weir.picker.builtin.PluginTesting.NOW;
import static io.weir.picker.builtin.PluginTesting.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.EndpointSnapshot.ServedModel;
import io.weir.picker.PickRequest;
import io.weir.picker.latency.LatencyFeatures;
import io.weir.picker.latency.LatencyPredictor;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.prefix.PrefixReuse;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.InFlight;
import io.weir.picker.state.Scraped;
import io.weir.picker.state.ServedModels;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The scorer goes through all candidates at once and leaves out what comes to nothing. Here the
 * same sum is taken for each candidate by itself, term by term; not a bit may differ.
 */
class ExpectedWorkFormulaTest {

    private static final int ENDPOINTS = 60;
    private static final String ADAPTER = "food";
    private static final ServedModels MODELS =
            ServedModels.of(
                    List.of(new ServedModel("llama", ""), new ServedModel(ADAPTER, "llama")));

    private final WorkCosts costs = WorkCosts.DEFAULT;
    private final PluginTesting testing = new PluginTesting();
    private final LatencyPredictor predictor = new LatencyPredictor();
    private final PrefixReuse reuse = new PrefixReuse();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void scoresAreThoseOfTheFormula(long seed) {
        // Given
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < ENDPOINTS; i++) {
            fill(testing.add(), random);
        }
        byte[] prompt = new byte[random.nextInt(2) * random.nextInt(4_000)];
        random.nextBytes(prompt);
        testing.reuse(reuse).request(request("llama", 0, prompt, prompt.length / 4));
        for (int i = 0; prompt.length > 0 && i < ENDPOINTS; i += 3) {
            testing.send(i, Arrays.copyOf(prompt, random.nextInt(prompt.length)));
        }
        testing.request(asked(random, prompt));
        int known = random.nextInt(3) * 400;
        reuse.learn(known, known / 3);

        // When
        double[] scores = testing.scores(new ExpectedWorkScorer(costs));

        // Then
        assertThat(scores).as("seed %d", seed).containsExactly(formula(testing.begin()));
    }

    private static PickRequest asked(SplittableRandom random, byte[] prompt) {
        return request(random.nextBoolean() ? "llama" : ADAPTER, 0, prompt, prompt.length / 4);
    }

    private void fill(EndpointState endpoint, SplittableRandom random) {
        endpoint.models(random.nextInt(5) == 0 ? ServedModels.UNKNOWN : MODELS);
        endpoint.inFlight().addPrefillTokens(random.nextInt(3) * random.nextLong(5_000));
        endpoint.inFlight().addDecodeTokens(random.nextInt(3) * random.nextLong(900));
        for (int i = random.nextInt(6); i > 0; i--) {
            endpoint.inFlight().addRequest();
        }
        if (random.nextInt(10) > 0) {
            endpoint.scraped(scraped(random));
        }
        float[] x = new float[LatencyFeatures.SIZE];
        x[0] = 1;
        for (int i = random.nextInt(40); i > 0; i--) {
            predictor.learnTpot(x, endpoint.pace(), random.nextDouble(5, 40));
        }
    }

    private static Scraped scraped(SplittableRandom random) {
        long age = TimeUnit.MILLISECONDS.toNanos(random.nextInt(11_000));
        boolean isSized = random.nextInt(4) > 0;
        return new Scraped(
                NOW - age,
                random.nextInt(-1, 9),
                random.nextInt(-1, 30),
                random.nextInt(8) == 0 ? Double.NaN : random.nextDouble(-0.1, 1.1),
                isSized ? 16 : 0,
                isSized ? random.nextInt(50, 2_000) : 0,
                new Adapters(
                        random.nextInt(3) == 0 ? Set.of(ADAPTER) : Set.of("other"),
                        Set.of(),
                        random.nextInt(3)),
                random.nextInt(20),
                random.nextInt(2) * random.nextLong(2_000));
    }

    private double[] formula(PickContext context) {
        double[] usages = new double[context.size()];
        double[] work = new double[context.size()];
        for (int i = 0; i < context.size(); i++) {
            EndpointState endpoint = context.endpoint(i);
            usages[i] = usage(endpoint);
            work[i] = work(context, i, usages[i]) * endpoint.slowness();
        }
        double tokens = context.prefixes().reuse() * costs.unevenTokens();
        double mean = mean(usages);
        double even = Math.max(costs.evictionFrom(), mean);
        for (int i = 0; i < context.size(); i++) {
            double pace = context.endpoint(i).slowness();
            work[i] += usages[i] > even ? (usages[i] - mean) * tokens * pace : 0;
            work[i] = 8192 / (8192 + work[i]);
        }
        return work;
    }

    private static double mean(double[] usages) {
        double sum = 0;
        int known = 0;
        for (double usage : usages) {
            sum += usage >= 0 ? usage : 0;
            known += usage >= 0 ? 1 : 0;
        }
        return sum / Math.max(1, known);
    }

    private static boolean isFresh(Scraped scraped) {
        return NOW - scraped.takenNanos() < TimeUnit.SECONDS.toNanos(10);
    }

    private double usage(EndpointState endpoint) {
        Scraped scraped = endpoint.scraped();
        if (!isFresh(scraped)) {
            return Double.NaN;
        }
        double said = scraped.kvCacheUsage();
        return said > costs.evictionFrom() / 2
                ? scraped.kvCacheUsage(endpoint.inFlight().tokens())
                : said;
    }

    private double work(PickContext context, int i, double usage) {
        EndpointState endpoint = context.endpoint(i);
        InFlight load = endpoint.inFlight();
        double uncached = context.prefixes().uncachedTokens(i);
        double work =
                load.prefillTokens()
                        + costs.uncachedFactor() * uncached
                        + costs.runningTokens() * load.requests();
        if (isFresh(endpoint.scraped())) {
            work += foreign(endpoint.scraped());
            work += kvCache(context, endpoint.scraped(), usage, uncached);
        }
        String model = context.request().model();
        return model != null && endpoint.models().isAdapter(model)
                ? work + adapter(endpoint.scraped().adapters(), model)
                : work;
    }

    private double foreign(Scraped scraped) {
        int waiting = Math.max(0, scraped.waitingRequests());
        int all = scraped.foreignRequests();
        int foreignWaiting = Math.min(waiting, all);
        return foreignWaiting * costs.foreignWaitingTokens()
                + (all - foreignWaiting) * costs.runningTokens();
    }

    private double kvCache(PickContext context, Scraped scraped, double usage, double uncached) {
        if (!(usage > costs.evictionFrom() / 2)) {
            return 0;
        }
        double pressure = Math.max(0, usage - costs.evictionFrom()) / (1 - costs.evictionFrom());
        double evictions =
                pressure * costs.evictionFactor() * context.prefixes().reuse() * uncached;
        double capacity = (double) scraped.kvBlocks() * scraped.kvBlockTokens();
        double then = capacity > 0 ? usage + uncached / capacity : usage;
        double excess = Math.max(0, then - costs.kvTight()) / (1 - costs.kvTight());
        return evictions + excess * costs.kvTokens();
    }

    private double adapter(Adapters adapters, String model) {
        if (adapters.has(model)) {
            return 0;
        }
        return adapters.max() == 0 || adapters.hasRoom()
                ? costs.adapterLoadTokens()
                : costs.adapterEvictionTokens();
    }
}
