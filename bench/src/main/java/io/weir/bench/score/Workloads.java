package io.weir.bench.score;

import io.weir.bench.score.Fleet.Replacement;
import io.weir.simulator.engine.EngineProfile;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;

/** The workloads of the scorecard. */
final class Workloads {

    private static final int SERVERS = 8;
    private static final int SERVERS_OF_BURSTS = 10;
    private static final EngineProfile SMALL = coarse(EngineProfile.LLAMA_8B_H100);
    private static final EngineProfile LARGE = coarse(EngineProfile.QWEN_32B_H100);
    private static final int BURST = 1000;

    private Workloads() {}

    /**
     * Returns all workloads.
     *
     * @param traces folder with published traces; where one is missing, traffic of the same
     *     parameters is made up
     */
    static List<Workload> all(@Nullable Path traces) {
        return List.of(
                of("sharegpt", "ShareGPT-like", SMALL, 380, 8, 17, Traffic::shareGpt),
                of("azure", "Azure conversation", SMALL, 104, 10, 50, azure(traces)),
                of("mooncake", "Mooncake conversation", SMALL, 10, 60, 120, mooncake(traces))
                        .withSlo(Slo.LONG_PROMPTS),
                of("prefix", "shared prefixes", LARGE, 12, 60, 60, Workloads::ladder)
                        .withSlo(Slo.PATIENT),
                of("chat", "multi-turn chat", SMALL, 8, 60, 60, Traffic::chats),
                adapters(),
                of("long-context", "long-context mix", SMALL, 54, 10, 60, Traffic::longContext)
                        .withSlo(Slo.LONG_PROMPTS),
                of("decode", "decode-heavy", SMALL, 55, 40, 40, Traffic::decodeHeavy)
                        .withSlo(Slo.PATIENT),
                bursts(),
                slowServer(),
                coldServer(),
                heterogeneous(),
                of("two-gateways", "two gateways", SMALL, 104, 10, 50, Traffic::azure)
                        .withFleet(Fleet.equal(SMALL, SERVERS).withGateways(2)));
    }

    /** Blocks of four times the size cost a quarter of the time and change next to nothing. */
    private static EngineProfile coarse(EngineProfile profile) {
        return profile.withBlockTokens(4 * profile.blockTokens())
                .withKvBlocks(profile.kvBlocks() / 4);
    }

    private static Workload adapters() {
        List<String> names = new ArrayList<>();
        double[] weights = new double[15];
        for (int i = 0; i < weights.length; i++) {
            names.add("adapter-" + i);
            weights[i] = i < 5 ? 12 : i < 10 ? 6 : 2;
        }
        Workload workload =
                of(
                        "lora",
                        "15 LoRA adapters",
                        SMALL,
                        30,
                        20,
                        40,
                        seed -> Traffic.adapters(seed, names, weights));
        return workload.withFleet(workload.fleet().withMaxAdapters(3)).withAdapters(names);
    }

    private static Workload bursts() {
        return of("bursts", "bursts of 1,000", SMALL, 440, 5, 35, Workloads::manyAtOnce)
                .withFleet(Fleet.equal(SMALL, SERVERS_OF_BURSTS))
                .withSlo(Slo.PATIENT);
    }

    private static Workload slowServer() {
        List<Double> slowness = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            slowness.add(i == 2 ? 3.0 : 1.0);
        }
        return of("slow-server", "a slow server", SMALL, 60, 15, 45, Traffic::azure)
                .withFleet(Fleet.equal(SMALL, SERVERS).withSlowness(slowness))
                .withSlo(Slo.PATIENT);
    }

    private static Workload coldServer() {
        return of("cold-server", "a cold server", LARGE, 12, 60, 60, Workloads::ladder)
                .withFleet(
                        Fleet.equal(LARGE, SERVERS)
                                .withReplacements(List.of(new Replacement(3, 0.5, 0.55))))
                .withSlo(Slo.PATIENT);
    }

    private static Workload heterogeneous() {
        return of("mixed-gpus", "two kinds of GPU", SMALL, 80, 15, 40, Traffic::azure)
                .withFleet(
                        Fleet.equal(SMALL, SERVERS)
                                .withSlowness(
                                        Arrays.asList(1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0)))
                .withSlo(Slo.PATIENT);
    }

    private static Sessions ladder(long seed) {
        return Traffic.sharedPrefix(seed, 150, 6000, 1200, 1000);
    }

    private static Sessions manyAtOnce(long seed) {
        return Traffic.bursts(seed, BURST, 2 * BURST);
    }

    private static LongFunction<Sessions> azure(@Nullable Path traces) {
        return traces != null && Files.exists(traces.resolve(Traces.AZURE_FILE))
                ? Traces.azure(traces)::from
                : Traffic::azure;
    }

    private static LongFunction<Sessions> mooncake(@Nullable Path traces) {
        return traces != null && Files.exists(traces.resolve(Traces.MOONCAKE_FILE))
                ? Traces.mooncake(traces)::from
                : Traffic::mooncake;
    }

    private static Workload of(
            String name,
            String title,
            EngineProfile profile,
            double rate,
            double warmupSeconds,
            double seconds,
            LongFunction<Sessions> source) {
        return new Workload(
                name,
                title,
                Fleet.equal(profile, SERVERS),
                List.of(),
                Slo.INTERACTIVE,
                rate,
                warmupSeconds,
                seconds,
                source);
    }
}
