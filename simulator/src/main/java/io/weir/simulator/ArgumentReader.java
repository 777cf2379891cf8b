package io.weir.simulator;

import io.weir.simulator.Faults.Failure;
import io.weir.simulator.SimulatorConfig.Adapter;
import io.weir.simulator.SimulatorConfig.Mode;
import io.weir.simulator.engine.EngineProfile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes a server's configuration out of flags. */
final class ArgumentReader {

    private static final int DEFAULT_PORT = 8000;

    private final SimulatorConfig.Builder config = new SimulatorConfig.Builder("simulator", "");
    private final LatencyFlags latency = new LatencyFlags();
    private final KvEventFlags kvEvents = new KvEventFlags();
    private final List<String> names = new ArrayList<>();
    private final List<Adapter> adapters = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private EngineProfile profile;
    private Faults faults = Faults.NONE;
    private String model = "";
    private int port = DEFAULT_PORT;
    private int ranks = 1;
    private int maxSequences;
    private int kvBlocks;
    private int blockTokens;
    private boolean prefixCaching = true;

    ArgumentReader(EngineProfile defaultProfile) {
        profile = defaultProfile;
    }

    void read(Flag flag) {
        if (latency.read(flag)
                || kvEvents.read(flag)
                || readIdentity(flag)
                || readCapacity(flag)
                || readFault(flag)) {
            return;
        }
        String values = flag.values().isEmpty() ? "" : " " + String.join(" ", flag.values());
        warnings.add("--" + flag.name() + values + " has no effect here");
    }

    private boolean readIdentity(Flag flag) {
        switch (flag.name()) {
            case "model", "model-path" -> model = flag.text();
            case "served-model-name" -> names.addAll(flag.values());
            case "host" -> flag.text();
            case "port" -> port = flag.number(0, 65_535);
            case "data-parallel-size", "dp", "dp-size" -> ranks = flag.number(1, 8);
            case "lora-modules", "lora", "lora-paths" -> adapters.addAll(AdapterFlags.read(flag));
            case "api-key" -> config.apiKey(flag.text());
            case "mode" -> config.mode(mode(flag));
            case "seed", "random-seed" -> config.seed(flag.wholeNumber());
            case "latency-profile", "profile" -> profile = profile(flag);
            case "startup-duration" -> config.startup(Duration.ofNanos((long) flag.nanos()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean readCapacity(Flag flag) {
        switch (flag.name()) {
            case "max-loras", "max-loras-per-batch" -> config.maxAdapters(flag.number(1, 100_000));
            case "max-model-len", "context-length" ->
                    config.maxModelTokens(flag.number(2, Integer.MAX_VALUE));
            case "max-num-seqs", "max-num-seq", "max-running-requests" ->
                    maxSequences = flag.number(1, 1_000_000);
            case "max-waiting-queue-length" -> config.maxWaiting(flag.number(0, Integer.MAX_VALUE));
            case "max-request-body-size-mb" ->
                    config.maxBodyBytes((long) flag.number(1, 2_000) << 20);
            case "kv-cache-size", "num-gpu-blocks-override" ->
                    kvBlocks = flag.number(1, 100_000_000);
            case "block-size", "page-size" -> blockTokens = flag.number(1, 1024);
            case "enable-kvcache", "enable-prefix-caching" -> prefixCaching = flag.isOn();
            case "no-enable-prefix-caching", "disable-radix-cache" -> prefixCaching = !flag.isOn();
            case "default-embedding-dimensions" ->
                    config.embeddingDimensions(flag.number(1, 65_536));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean readFault(Flag flag) {
        switch (flag.name()) {
            case "failure-injection-rate" ->
                    faults = faults.withFailurePercent(flag.number(0, 100));
            case "failure-types" -> faults = faults.withFailureTypes(failures(flag));
            case "fault-strike-rate" -> faults = faults.withStrikePercent(flag.number(0, 100));
            case "fault-reset" -> faults = faults.withReset(flag.isOn());
            case "fault-status" -> faults = faults.withStatus(flag.number(400, 599));
            case "fault-stall" -> faults = faults.withStall(Duration.ofNanos((long) flag.nanos()));
            case "fault-cut-after-chunks" ->
                    faults = faults.withCutAfterChunks(flag.number(0, Integer.MAX_VALUE));
            case "fault-slow-factor" -> faults = faults.withSlowFactor(flag.decimal(0, 1e6));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Mode mode(Flag flag) {
        return switch (flag.text()) {
            case "random" -> Mode.RANDOM;
            case "echo" -> Mode.ECHO;
            default -> throw flag.wrong("random or echo");
        };
    }

    private static EngineProfile profile(Flag flag) {
        EngineProfile found = EngineProfile.byName().get(flag.text());
        if (found == null) {
            throw flag.wrong(String.join(", ", EngineProfile.byName().keySet()));
        }
        return found;
    }

    private static List<Failure> failures(Flag flag) {
        List<Failure> failures = new ArrayList<>();
        for (String value : flag.values()) {
            for (String name : value.split(",", -1)) {
                failures.add(
                        Failure.find(name.strip())
                                .orElseThrow(() ->
                                        new Flag(flag.name(), List.of(name), 1).wrong(all())));
            }
        }
        return failures;
    }

    private static String all() {
        return String.join(", ", List.of(Failure.values()).stream().map(Failure::option).toList());
    }

    SimulatorArguments arguments() {
        if (model.isEmpty() && names.isEmpty()) {
            throw new IllegalArgumentException("--model is missing");
        }
        List<String> served = names.isEmpty() ? List.of(model) : names;
        SimulatorConfig built =
                config.root(model.isEmpty() ? served.getFirst() : model)
                        .models(served)
                        .adapters(adapters)
                        .profile(timing())
                        .faults(faults)
                        .kvEvents(kvEvents.settings())
                        .build();
        return new SimulatorArguments(built, port, ranks, warnings);
    }

    private EngineProfile timing() {
        EngineProfile timing = latency.apply(profile).withPrefixCaching(prefixCaching);
        timing = kvBlocks > 0 ? timing.withKvBlocks(kvBlocks) : timing;
        timing = blockTokens > 0 ? timing.withBlockTokens(blockTokens) : timing;
        return maxSequences > 0 ? timing.withMaxSequences(maxSequences) : timing;
    }
}
