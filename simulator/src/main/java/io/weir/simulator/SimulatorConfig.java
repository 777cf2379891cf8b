package io.weir.simulator;

import io.weir.simulator.engine.EngineProfile;

import java.util.List;

/**
 * How one simulated server is set up.
 *
 * @param podName name that answers carry in {@code x-inference-pod}
 * @param namespace namespace that answers carry
 * @param models names of the base model, the first one is its root; never empty
 * @param adapters LoRA adapters that are loaded at start
 * @param maxAdapters most adapters on the accelerator at once
 * @param profile timing
 * @param mode what the text of an answer is
 * @param maxModelTokens longest context in tokens
 * @param maxWaiting most requests in the queue; more are answered with 429
 * @param maxBodyBytes largest request body
 * @param seed seed of lengths, texts and noise
 * @param faults what goes wrong from the start
 */
public record SimulatorConfig(
        String podName,
        String namespace,
        List<String> models,
        List<Adapter> adapters,
        int maxAdapters,
        EngineProfile profile,
        Mode mode,
        int maxModelTokens,
        int maxWaiting,
        long maxBodyBytes,
        long seed,
        Faults faults) {

    /** What the text of an answer is. */
    public enum Mode {
        /** Sentences that name the model and the server. */
        RANDOM,
        /** The last user message or the prompt. */
        ECHO
    }

    /**
     * A LoRA adapter.
     *
     * @param name name that clients ask for
     * @param path where its weights would be
     */
    public record Adapter(String name, String path) {}

    public SimulatorConfig {
        models = List.copyOf(models);
        adapters = List.copyOf(adapters);
        if (models.isEmpty()) {
            throw new IllegalArgumentException("models: none (expected: at least one; --model)");
        }
        if (maxModelTokens < 1) {
            throw new IllegalArgumentException(
                    "maxModelTokens: " + maxModelTokens + " (expected: >= 1)");
        }
    }

    /** Returns a server with one model and the defaults of the {@code instant} profile. */
    public static SimulatorConfig of(String podName, String model) {
        return new SimulatorConfig(
                podName,
                "default",
                List.of(model),
                List.of(),
                4,
                EngineProfile.INSTANT,
                Mode.RANDOM,
                131_072,
                1_000,
                512L << 20,
                1,
                Faults.NONE);
    }

    /** Returns the root model. */
    public String root() {
        return models.getFirst();
    }

    /** Returns the configuration with other adapters. */
    public SimulatorConfig withAdapters(String... names) {
        List<Adapter> list =
                List.of(names).stream()
                        .map(name -> new Adapter(name, "/adapters/" + name))
                        .toList();
        return new SimulatorConfig(
                podName,
                namespace,
                models,
                list,
                maxAdapters,
                profile,
                mode,
                maxModelTokens,
                maxWaiting,
                maxBodyBytes,
                seed,
                faults);
    }

    /** Returns the configuration with another timing. */
    public SimulatorConfig withProfile(EngineProfile newProfile) {
        return new SimulatorConfig(
                podName,
                namespace,
                models,
                adapters,
                maxAdapters,
                newProfile,
                mode,
                maxModelTokens,
                maxWaiting,
                maxBodyBytes,
                seed,
                faults);
    }

    /** Returns the configuration for another Pod. */
    public SimulatorConfig withPod(String newPodName, String newNamespace, long newSeed) {
        return new SimulatorConfig(
                newPodName,
                newNamespace,
                models,
                adapters,
                maxAdapters,
                profile,
                mode,
                maxModelTokens,
                maxWaiting,
                maxBodyBytes,
                newSeed,
                faults);
    }

    /** Returns the configuration with other faults. */
    public SimulatorConfig withFaults(Faults newFaults) {
        return new SimulatorConfig(
                podName,
                namespace,
                models,
                adapters,
                maxAdapters,
                profile,
                mode,
                maxModelTokens,
                maxWaiting,
                maxBodyBytes,
                seed,
                newFaults);
    }
}
