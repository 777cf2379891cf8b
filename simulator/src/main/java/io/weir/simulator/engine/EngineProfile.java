package io.weir.simulator.engine;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The constants of an engine.
 *
 * @param name name for the command line
 * @param stepNanos {@code a}: fixed time of a step
 * @param sequenceNanos {@code b}: time per sequence in a step
 * @param contextTokenNanos {@code c}: time per resident token of decoding sequences
 * @param prefillTokenNanos {@code d}: time per uncached prompt token
 * @param frontendNanos time between arrival and the scheduler: HTTP and tokenizing
 * @param kvTokens capacity of the KV cache in tokens
 * @param maxSequences most sequences in a step
 * @param stepTokenBudget most tokens in a step
 * @param adapterLoadNanos time to load a LoRA adapter
 * @param noise standard deviation of the logarithm of the step time
 */
public record EngineProfile(
        String name,
        double stepNanos,
        double sequenceNanos,
        double contextTokenNanos,
        double prefillTokenNanos,
        double frontendNanos,
        int kvTokens,
        int maxSequences,
        int stepTokenBudget,
        double adapterLoadNanos,
        double noise) {

    /** Llama-3.1-8B on one H100, fitted to published vLLM 0.11 measurements within 7 %. */
    public static final EngineProfile LLAMA_8B_H100 =
            new EngineProfile(
                    "llama-3.1-8b-h100",
                    6.68e6,
                    22e3,
                    50,
                    20.8e3,
                    14e6,
                    400_000,
                    256,
                    8192,
                    50e6,
                    0.03);

    /** Qwen3-32B on two H100, after published ladders of an eight-server pool. */
    public static final EngineProfile QWEN_32B_H100 =
            new EngineProfile(
                    "qwen3-32b-2xh100",
                    16e6,
                    40e3,
                    30,
                    62.8e3,
                    80e6,
                    307_328,
                    1024,
                    8192,
                    80e6,
                    0.03);

    /** Llama2-7B on one A100 with 40 GB. */
    public static final EngineProfile LLAMA_7B_A100 =
            new EngineProfile(
                    "llama2-7b-a100",
                    14e6,
                    103e3,
                    535,
                    67.7e3,
                    19.7e6,
                    44_960,
                    256,
                    2048,
                    60e6,
                    0.03);

    /** No latency at all: every answer is complete at once. */
    public static final EngineProfile INSTANT =
            new EngineProfile("instant", 0, 0, 0, 0, 0, 4_000_000, 4096, 1 << 30, 0, 0);

    private static final List<EngineProfile> ALL =
            List.of(LLAMA_8B_H100, QWEN_32B_H100, LLAMA_7B_A100, INSTANT);

    public EngineProfile {
        check("stepNanos", stepNanos);
        check("sequenceNanos", sequenceNanos);
        check("contextTokenNanos", contextTokenNanos);
        check("prefillTokenNanos", prefillTokenNanos);
        check("frontendNanos", frontendNanos);
        check("adapterLoadNanos", adapterLoadNanos);
        check("noise", noise);
        check("kvTokens", kvTokens - KvCache.BLOCK_TOKENS);
        check("maxSequences", maxSequences - 1);
        check("stepTokenBudget", stepTokenBudget - 1);
    }

    private static void check(String name, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(name + ": too small or not a number");
        }
    }

    /** Returns the profiles by name. */
    public static Map<String, EngineProfile> byName() {
        Map<String, EngineProfile> profiles = new TreeMap<>();
        ALL.forEach(profile -> profiles.put(profile.name(), profile));
        return profiles;
    }

    /** Returns whether answers take no time. */
    public boolean instant() {
        return stepNanos == 0
                && sequenceNanos == 0
                && contextTokenNanos == 0
                && prefillTokenNanos == 0
                && frontendNanos == 0;
    }

    /** Returns a profile that takes {@code factor} times as long. */
    public EngineProfile scaled(double factor) {
        return new EngineProfile(
                name,
                stepNanos * factor,
                sequenceNanos * factor,
                contextTokenNanos * factor,
                prefillTokenNanos * factor,
                frontendNanos * factor,
                kvTokens,
                maxSequences,
                stepTokenBudget,
                adapterLoadNanos * factor,
                noise);
    }

    /** Returns a profile with other limits. */
    public EngineProfile withLimits(int newKvTokens, int newMaxSequences) {
        return new EngineProfile(
                name,
                stepNanos,
                sequenceNanos,
                contextTokenNanos,
                prefillTokenNanos,
                frontendNanos,
                newKvTokens,
                newMaxSequences,
                stepTokenBudget,
                adapterLoadNanos,
                noise);
    }

    /**
     * Returns a profile with a constant time to the first token and between tokens, whatever the
     * load.
     *
     * @param firstTokenNanos time to the first token
     * @param perPrefillTokenNanos further time per uncached prompt token
     * @param interTokenNanos time between tokens
     */
    public EngineProfile withConstantLatency(
            double firstTokenNanos, double perPrefillTokenNanos, double interTokenNanos) {
        return new EngineProfile(
                name,
                interTokenNanos,
                0,
                0,
                perPrefillTokenNanos,
                Math.max(0, firstTokenNanos - interTokenNanos),
                kvTokens,
                maxSequences,
                stepTokenBudget,
                adapterLoadNanos,
                noise);
    }
}
