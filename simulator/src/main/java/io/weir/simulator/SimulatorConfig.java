package io.weir.simulator;

import io.weir.simulator.engine.EngineProfile;
import io.weir.simulator.events.KvEventSettings;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * How one simulated server is set up.
 *
 * @param podName name that answers carry in {@code x-inference-pod}
 * @param namespace namespace that answers carry in {@code x-inference-namespace}
 * @param root the model that was loaded
 * @param models names by which clients ask for it; never empty, the first one is the one in metrics
 * @param adapters LoRA adapters that are offered from the start
 * @param maxAdapters most adapters on the accelerator at once
 * @param profile timing and capacities
 * @param mode what the text of an answer is
 * @param maxModelTokens longest prompt and answer together
 * @param refusesLongPrompts whether longer prompts are answered with 400; otherwise they are cut
 * @param maxWaiting most requests in the queue; more are answered with 429
 * @param maxBodyBytes largest request body
 * @param embeddingDimensions length of embeddings
 * @param startup time until {@code /health/ready} says yes
 * @param apiKey key that clients must send; null for none
 * @param seed seed of lengths, texts and noise
 * @param faults what goes wrong from the start
 * @param kvEvents where it publishes what happens in its KV cache; null for nowhere
 */
public record SimulatorConfig(
        String podName,
        String namespace,
        String root,
        List<String> models,
        List<Adapter> adapters,
        int maxAdapters,
        EngineProfile profile,
        Mode mode,
        int maxModelTokens,
        boolean refusesLongPrompts,
        int maxWaiting,
        long maxBodyBytes,
        int embeddingDimensions,
        Duration startup,
        @Nullable String apiKey,
        long seed,
        Faults faults,
        @Nullable KvEventSettings kvEvents) {

    private static final int DEFAULT_DIMENSIONS = 384;

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
        require(!models.isEmpty(), "models", "none", "at least one");
        require(maxAdapters >= 1, "maxAdapters", maxAdapters, ">= 1");
        require(maxModelTokens >= 2, "maxModelTokens", maxModelTokens, ">= 2");
        require(maxWaiting >= 0, "maxWaiting", maxWaiting, ">= 0");
        boolean bodyFits = maxBodyBytes >= 1 && maxBodyBytes <= Integer.MAX_VALUE - 64;
        require(bodyFits, "maxBodyBytes", maxBodyBytes, "1..2147483583");
        boolean dimensionsFit = embeddingDimensions >= 1 && embeddingDimensions <= 65_536;
        require(dimensionsFit, "embeddingDimensions", embeddingDimensions, "1..65536");
    }

    /** Returns a server with the usual embeddings, no key and no time to start; see the fields. */
    public SimulatorConfig(
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
        this(
                podName,
                namespace,
                models.isEmpty() ? "" : models.getFirst(),
                models,
                adapters,
                maxAdapters,
                profile,
                mode,
                maxModelTokens,
                true,
                maxWaiting,
                maxBodyBytes,
                DEFAULT_DIMENSIONS,
                Duration.ZERO,
                null,
                seed,
                faults,
                null);
    }

    private static void require(boolean valid, String name, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + expected + ")");
        }
    }

    /** Returns a server with one model that answers at once. */
    public static SimulatorConfig of(String podName, String model) {
        return new Builder(podName, model).build();
    }

    /** Returns a builder with all values of this one. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Returns the configuration with other adapters. */
    public SimulatorConfig withAdapters(String... names) {
        return toBuilder()
                .adapters(
                        List.of(names).stream()
                                .map(name -> new Adapter(name, "/adapters/" + name))
                                .toList())
                .build();
    }

    /** Returns the configuration with another timing. */
    public SimulatorConfig withProfile(EngineProfile newProfile) {
        return toBuilder().profile(newProfile).build();
    }

    /** Returns the configuration for another Pod. */
    public SimulatorConfig withPod(String newPodName, String newNamespace, long newSeed) {
        return toBuilder().podName(newPodName).namespace(newNamespace).seed(newSeed).build();
    }

    /** Returns the configuration for a data-parallel rank, whose ports are as many higher. */
    public SimulatorConfig withRank(int rank) {
        return kvEvents == null ? this : toBuilder().kvEvents(kvEvents.withRank(rank)).build();
    }

    /** Returns the configuration with other faults. */
    public SimulatorConfig withFaults(Faults newFaults) {
        return toBuilder().faults(newFaults).build();
    }

    /** Collects the values of a {@link SimulatorConfig}. */
    public static final class Builder {

        private String podName;
        private String namespace = "default";
        private String root;
        private List<String> models;
        private List<Adapter> adapters = List.of();
        private int maxAdapters = 4;
        private EngineProfile profile = EngineProfile.INSTANT;
        private Mode mode = Mode.RANDOM;
        private int maxModelTokens = 131_072;
        private boolean refusesLongPrompts;
        private int maxWaiting = 100_000;
        private long maxBodyBytes = 512L << 20;
        private int embeddingDimensions = DEFAULT_DIMENSIONS;
        private Duration startup = Duration.ZERO;
        private @Nullable String apiKey;
        private long seed = 1;
        private Faults faults = Faults.NONE;
        private @Nullable KvEventSettings kvEvents;

        Builder(String podName, String model) {
            this.podName = podName;
            root = model;
            models = List.of(model);
        }

        private Builder(SimulatorConfig config) {
            podName = config.podName;
            namespace = config.namespace;
            root = config.root;
            models = config.models;
            adapters = config.adapters;
            maxAdapters = config.maxAdapters;
            profile = config.profile;
            mode = config.mode;
            maxModelTokens = config.maxModelTokens;
            refusesLongPrompts = config.refusesLongPrompts;
            maxWaiting = config.maxWaiting;
            maxBodyBytes = config.maxBodyBytes;
            embeddingDimensions = config.embeddingDimensions;
            startup = config.startup;
            apiKey = config.apiKey;
            seed = config.seed;
            faults = config.faults;
            kvEvents = config.kvEvents;
        }

        public Builder podName(String value) {
            podName = value;
            return this;
        }

        public Builder namespace(String value) {
            namespace = value;
            return this;
        }

        public Builder root(String value) {
            root = value;
            return this;
        }

        public Builder models(List<String> value) {
            models = value;
            return this;
        }

        public Builder adapters(List<Adapter> value) {
            adapters = value;
            return this;
        }

        public Builder maxAdapters(int value) {
            maxAdapters = value;
            return this;
        }

        public Builder profile(EngineProfile value) {
            profile = value;
            return this;
        }

        public Builder mode(Mode value) {
            mode = value;
            return this;
        }

        /** Sets the longest prompt and answer together, and refuses longer ones. */
        public Builder maxModelTokens(int value) {
            maxModelTokens = value;
            refusesLongPrompts = true;
            return this;
        }

        public Builder maxWaiting(int value) {
            maxWaiting = value;
            return this;
        }

        public Builder maxBodyBytes(long value) {
            maxBodyBytes = value;
            return this;
        }

        public Builder embeddingDimensions(int value) {
            embeddingDimensions = value;
            return this;
        }

        public Builder startup(Duration value) {
            startup = value;
            return this;
        }

        public Builder apiKey(@Nullable String value) {
            apiKey = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder faults(Faults value) {
            faults = value;
            return this;
        }

        public Builder kvEvents(@Nullable KvEventSettings value) {
            kvEvents = value;
            return this;
        }

        /**
         * Returns the configuration.
         *
         * @throws IllegalArgumentException when a value is out of range
         */
        public SimulatorConfig build() {
            return new SimulatorConfig(
                    podName,
                    namespace,
                    root,
                    models,
                    adapters,
                    maxAdapters,
                    profile,
                    mode,
                    maxModelTokens,
                    refusesLongPrompts,
                    maxWaiting,
                    maxBodyBytes,
                    embeddingDimensions,
                    startup,
                    apiKey,
                    seed,
                    faults,
                    kvEvents);
        }
    }
}
