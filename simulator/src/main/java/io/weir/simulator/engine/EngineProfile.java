package io.weir.simulator.engine;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a simulated server is made of.
 *
 * <p>The constants of the 8B model were fitted to published runs of vLLM 0.11 on one H100 (21
 * points, worst error 7 %), those of the 32B model to llm-d's published ladder on two H100 with
 * tensor parallelism; those of the A100 are the ones of the Inference Extension's simulation tool.
 *
 * @param name name on the command line
 * @param latency how long work takes
 * @param maxSequences sequences that run at a time
 * @param stepTokenBudget tokens that one step computes at most; longer prompts are prefilled in
 *     chunks. Only for {@link StepLatency}
 * @param kvBlocks capacity of the KV cache
 * @param blockTokens tokens in one block
 * @param prefixCaching whether blocks outlive their sequence and are found again by hash
 * @param timeScale factor of all times; 0.5 makes the server twice as fast
 */
public record EngineProfile(
        String name,
        LatencyModel latency,
        int maxSequences,
        int stepTokenBudget,
        int kvBlocks,
        int blockTokens,
        boolean prefixCaching,
        double timeScale) {

    private static final double MILLI = 1e6;
    private static final double MICRO = 1e3;

    /** No latency at all: every answer is complete at once. */
    public static final EngineProfile INSTANT = of("instant", PacedLatency.NONE, 100_000, 1 << 20);

    /** Llama 3.1 8B on one H100 with 80 GB. */
    public static final EngineProfile LLAMA_8B_H100 =
            of(
                    "llama-3.1-8b-h100",
                    new StepLatency(
                            14 * MILLI,
                            0.25,
                            6_680 * MICRO,
                            22 * MICRO,
                            0.05 * MICRO,
                            20.8 * MICRO,
                            0.03,
                            0.03,
                            80 * MILLI),
                    256,
                    25_000);

    /** Qwen3 32B on two H100 with tensor parallelism. */
    public static final EngineProfile QWEN_32B_H100 =
            of(
                    "qwen3-32b-2xh100",
                    new StepLatency(
                            80 * MILLI,
                            0.25,
                            16_000 * MICRO,
                            40 * MICRO,
                            0.03 * MICRO,
                            62.8 * MICRO,
                            0.03,
                            0.03,
                            200 * MILLI),
                    1024,
                    19_208);

    /** Llama 2 7B on one A100 with 40 GB. */
    public static final EngineProfile LLAMA_7B_A100 =
            of(
                    "llama2-7b-a100",
                    new StepLatency(
                            20 * MILLI,
                            0.25,
                            14_000 * MICRO,
                            103 * MICRO,
                            0.535 * MICRO,
                            67.7 * MICRO,
                            0.03,
                            0.03,
                            80 * MILLI),
                    256,
                    2_810);

    private static final List<EngineProfile> ALL =
            List.of(INSTANT, LLAMA_8B_H100, QWEN_32B_H100, LLAMA_7B_A100);

    public EngineProfile {
        positive("maxSequences", maxSequences);
        positive("stepTokenBudget", stepTokenBudget);
        positive("kvBlocks", kvBlocks);
        positive("blockTokens", blockTokens);
        if (!(timeScale >= 0 && timeScale <= 1e6)) {
            throw new IllegalArgumentException("timeScale: " + timeScale + " (expected: 0..1e6)");
        }
    }

    private static EngineProfile of(
            String name, LatencyModel latency, int maxSequences, int kvBlocks) {
        return new EngineProfile(name, latency, maxSequences, 8192, kvBlocks, 16, true, 1);
    }

    /** Returns the profiles by name. */
    public static Map<String, EngineProfile> byName() {
        Map<String, EngineProfile> profiles = new TreeMap<>();
        ALL.forEach(profile -> profiles.put(profile.name(), profile));
        return profiles;
    }

    /** Returns how many tokens the KV cache holds. */
    public long kvTokens() {
        return (long) kvBlocks * blockTokens;
    }

    /** Returns the same with other latencies. */
    public EngineProfile withLatency(LatencyModel value) {
        return new EngineProfile(
                name,
                value,
                maxSequences,
                stepTokenBudget,
                kvBlocks,
                blockTokens,
                prefixCaching,
                timeScale);
    }

    /** Returns the same with another limit of sequences. */
    public EngineProfile withMaxSequences(int value) {
        return new EngineProfile(
                name,
                latency,
                value,
                stepTokenBudget,
                kvBlocks,
                blockTokens,
                prefixCaching,
                timeScale);
    }

    /** Returns the same with a KV cache of another size. */
    public EngineProfile withKvBlocks(int value) {
        return new EngineProfile(
                name,
                latency,
                maxSequences,
                stepTokenBudget,
                value,
                blockTokens,
                prefixCaching,
                timeScale);
    }

    /** Returns the same with blocks of another size. */
    public EngineProfile withBlockTokens(int value) {
        return new EngineProfile(
                name,
                latency,
                maxSequences,
                stepTokenBudget,
                kvBlocks,
                value,
                prefixCaching,
                timeScale);
    }

    /** Returns the same with or without prefix reuse. */
    public EngineProfile withPrefixCaching(boolean value) {
        return new EngineProfile(
                name,
                latency,
                maxSequences,
                stepTokenBudget,
                kvBlocks,
                blockTokens,
                value,
                timeScale);
    }

    /** Returns a profile that takes that many times as long. */
    public EngineProfile scaled(double value) {
        return new EngineProfile(
                name,
                latency,
                maxSequences,
                stepTokenBudget,
                kvBlocks,
                blockTokens,
                prefixCaching,
                timeScale * value);
    }

    /**
     * Returns a profile with a constant time to the first token and between tokens, whatever the
     * load.
     *
     * @param firstTokenNanos time to the first token
     * @param perPrefillTokenNanos further time per uncached prompt token
     * @param betweenTokensNanos time between tokens
     */
    public EngineProfile withConstantLatency(
            double firstTokenNanos, double perPrefillTokenNanos, double betweenTokensNanos) {
        return withLatency(
                new PacedLatency(
                        firstTokenNanos,
                        0,
                        0,
                        perPrefillTokenNanos,
                        0,
                        betweenTokensNanos,
                        0,
                        1,
                        latency.adapterLoadNanos()));
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
        }
    }
}
