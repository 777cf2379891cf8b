package io.weir.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.weir.simulator.SimulatorConfig.Adapter;
import io.weir.simulator.SimulatorConfig.Mode;
import io.weir.simulator.engine.EngineProfile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the command line of the llm-d inference simulator, of vLLM and of SGLang, as far as it says
 * what a simulated server should look like. {@code --flag value}, {@code --flag=value} and one or
 * two dashes are alike; flags that have no meaning here are collected as warnings.
 *
 * @param config the server; its Pod name is a placeholder
 * @param port port of the first data-parallel rank
 * @param ranks data-parallel ranks; rank {@code r} listens on {@code port + r}
 * @param warnings flags that were not understood
 */
public record SimulatorArguments(
        SimulatorConfig config, int port, int ranks, List<String> warnings) {

    private static final int DEFAULT_PORT = 8000;

    public SimulatorArguments {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads arguments.
     *
     * @param arguments command and arguments of a container, or of {@code weir simulate}
     * @param defaultProfile timing when no flag says
     * @throws IllegalArgumentException when a value is malformed or no model is named
     */
    public static SimulatorArguments parse(List<String> arguments, EngineProfile defaultProfile) {
        return new Parser(defaultProfile).parse(arguments);
    }

    /** Collects the flags. */
    private static final class Parser {

        private static final Pattern DURATION = Pattern.compile("([0-9.]+)(us|µs|ms|s|m|h|)");

        private final ObjectMapper json = new ObjectMapper();
        private final List<String> names = new ArrayList<>();
        private final List<Adapter> adapters = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();
        private EngineProfile profile;
        private String model = "";
        private Mode mode = Mode.RANDOM;
        private int port = DEFAULT_PORT;
        private int ranks = 1;
        private int maxAdapters = 1;
        private int maxModelTokens = 131_072;
        private int maxWaiting = 1_000;
        private int maxSequences;
        private int kvBlocks;
        private int blockTokens = 16;
        private long maxBodyBytes = 512L << 20;
        private long seed = 1;
        private double timeScale = 1;
        private double firstTokenNanos = -1;
        private double perPrefillTokenNanos;
        private double interTokenNanos = -1;
        private Faults faults = Faults.NONE;

        Parser(EngineProfile defaultProfile) {
            profile = defaultProfile;
        }

        SimulatorArguments parse(List<String> arguments) {
            for (int i = 0; i < arguments.size(); i++) {
                String argument = arguments.get(i);
                if (!argument.startsWith("-")) {
                    continue;
                }
                String flag = argument.replaceFirst("^--?", "");
                List<String> values = new ArrayList<>();
                int equals = flag.indexOf('=');
                if (equals >= 0) {
                    values.add(flag.substring(equals + 1));
                    flag = flag.substring(0, equals);
                }
                while (equals < 0 && i + 1 < arguments.size() && isValue(arguments.get(i + 1))) {
                    values.add(arguments.get(++i));
                }
                apply(flag.replace('_', '-'), values);
            }
            return build();
        }

        /** Negative numbers are values, too. */
        private static boolean isValue(String argument) {
            return !argument.startsWith("-") || argument.matches("-[0-9.]+");
        }

        private void apply(String flag, List<String> values) {
            switch (flag) {
                case "model", "model-path" -> model = one(flag, values);
                case "served-model-name" -> values.forEach(names::add);
                case "port" -> port = number(flag, values, 0, 65_535);
                case "data-parallel-size", "dp", "dp-size" -> ranks = number(flag, values, 1, 8);
                case "max-loras", "max-loras-per-batch" ->
                        maxAdapters = number(flag, values, 1, 100_000);
                case "lora-modules", "lora", "lora-paths" -> values.forEach(this::adapter);
                case "max-model-len", "context-length" ->
                        maxModelTokens = number(flag, values, 1, Integer.MAX_VALUE);
                case "max-num-seqs", "max-running-requests" ->
                        maxSequences = number(flag, values, 1, 1_000_000);
                case "max-waiting-queue-length" ->
                        maxWaiting = number(flag, values, 0, Integer.MAX_VALUE);
                case "max-request-body-size-mb" ->
                        maxBodyBytes = (long) number(flag, values, 1, 2_000) << 20;
                case "kv-cache-size" -> kvBlocks = number(flag, values, 1, 100_000_000);
                case "block-size" -> blockTokens = number(flag, values, 1, 1024);
                case "mode" -> mode = mode(one(flag, values));
                case "seed", "random-seed" -> seed = wholeNumber(flag, values);
                case "latency-profile" -> profile = profile(one(flag, values));
                case "time-scale" -> timeScale = decimal(flag, values);
                case "time-to-first-token" -> firstTokenNanos = nanos(flag, values);
                case "prefill-overhead" -> firstTokenNanos = nanos(flag, values);
                case "prefill-time-per-token" -> perPrefillTokenNanos = nanos(flag, values);
                case "inter-token-latency" -> interTokenNanos = nanos(flag, values);
                case "failure-injection-rate" ->
                        faults = failures(number(flag, values, 0, 100), faults.failureTypes());
                case "failure-types" -> faults = failures(faults.failurePercent(), types(values));
                default -> ignored(flag, values);
            }
        }

        private void ignored(String flag, List<String> values) {
            warnings.add(
                    "--" + flag + (values.isEmpty() ? "" : " " + values) + " has no effect here");
        }

        private Faults failures(int percent, List<Faults.Failure> types) {
            return new Faults(
                    percent,
                    types,
                    faults.reset(),
                    faults.status(),
                    faults.stall(),
                    faults.cutAfterChunks(),
                    faults.slowFactor());
        }

        private static List<Faults.Failure> types(List<String> values) {
            List<Faults.Failure> types = new ArrayList<>();
            for (String value : values) {
                for (String name : value.split(",", -1)) {
                    try {
                        types.add(FaultControl.type(name.strip()));
                    } catch (IllegalArgumentException e) {
                        throw new IllegalArgumentException(
                                "--failure-types: "
                                        + name
                                        + " (expected: rate_limit, invalid_api_key, context_length,"
                                        + " server_error, invalid_request or model_not_found)",
                                e);
                    }
                }
            }
            return types;
        }

        /** {@code {"name": …, "path": …}}, {@code name=path} or {@code name}. */
        private void adapter(String value) {
            if (value.startsWith("{") || value.startsWith("[")) {
                for (JsonNode node : list(value)) {
                    String name = node.path("name").asText("");
                    if (name.isEmpty()) {
                        throw new IllegalArgumentException(
                                "--lora-modules: " + value + " (expected: a \"name\")");
                    }
                    adapters.add(new Adapter(name, node.path("path").asText("/adapters/" + name)));
                }
                return;
            }
            for (String part : value.split(",", -1)) {
                int equals = part.indexOf('=');
                String name = (equals < 0 ? part : part.substring(0, equals)).strip();
                String path = equals < 0 ? "/adapters/" + name : part.substring(equals + 1);
                adapters.add(new Adapter(name, path));
            }
        }

        private Iterable<JsonNode> list(String value) {
            try {
                JsonNode tree = json.readTree(value);
                return tree.isArray() ? tree : List.of(tree);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(
                        "--lora-modules: " + value + " (expected: JSON or name=path)", e);
            }
        }

        private static Mode mode(String value) {
            return switch (value) {
                case "random" -> Mode.RANDOM;
                case "echo" -> Mode.ECHO;
                default ->
                        throw new IllegalArgumentException(
                                "--mode: " + value + " (expected: random or echo)");
            };
        }

        private static EngineProfile profile(String name) {
            EngineProfile profile = EngineProfile.byName().get(name);
            if (profile == null) {
                throw new IllegalArgumentException(
                        "--latency-profile: "
                                + name
                                + " (expected: "
                                + String.join(", ", EngineProfile.byName().keySet())
                                + ")");
            }
            return profile;
        }

        private static String one(String flag, List<String> values) {
            if (values.isEmpty()) {
                throw new IllegalArgumentException("--" + flag + ": a value is missing");
            }
            return values.getFirst();
        }

        private static int number(String flag, List<String> values, int least, int most) {
            long value = wholeNumber(flag, values);
            if (value < least || value > most) {
                throw new IllegalArgumentException(
                        "--" + flag + ": " + value + " (expected: " + least + ".." + most + ")");
            }
            return (int) value;
        }

        private static long wholeNumber(String flag, List<String> values) {
            String value = one(flag, values);
            try {
                return Long.parseLong(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "--" + flag + ": " + value + " (expected: a whole number)", e);
            }
        }

        private static double decimal(String flag, List<String> values) {
            String value = one(flag, values);
            try {
                double number = Double.parseDouble(value);
                if (number >= 0 && number < 1e6) {
                    return number;
                }
            } catch (NumberFormatException _) {
                // told below
            }
            throw new IllegalArgumentException("--" + flag + ": " + value + " (expected: >= 0)");
        }

        /** A duration such as {@code 100ms}; a bare number is milliseconds. */
        private static double nanos(String flag, List<String> values) {
            String value = one(flag, values);
            Matcher matcher = DURATION.matcher(value);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "--" + flag + ": " + value + " (expected: a duration such as 100ms)");
            }
            double unit =
                    switch (matcher.group(2)) {
                        case "us", "µs" -> 1e3;
                        case "s" -> Duration.ofSeconds(1).toNanos();
                        case "m" -> Duration.ofMinutes(1).toNanos();
                        case "h" -> Duration.ofHours(1).toNanos();
                        default -> 1e6;
                    };
            return Double.parseDouble(matcher.group(1)) * unit;
        }

        private SimulatorArguments build() {
            if (model.isEmpty() && names.isEmpty()) {
                throw new IllegalArgumentException("--model is missing");
            }
            List<String> models = names.isEmpty() ? List.of(model) : names;
            var config =
                    new SimulatorConfig(
                            "simulator",
                            "default",
                            models,
                            adapters,
                            maxAdapters,
                            timing(),
                            mode,
                            maxModelTokens,
                            maxWaiting,
                            maxBodyBytes,
                            seed,
                            faults);
            return new SimulatorArguments(config, port, ranks, warnings);
        }

        private EngineProfile timing() {
            EngineProfile timing = profile;
            if (firstTokenNanos >= 0 || interTokenNanos >= 0 || perPrefillTokenNanos > 0) {
                timing =
                        timing.withConstantLatency(
                                Math.max(0, firstTokenNanos),
                                perPrefillTokenNanos,
                                Math.max(0, interTokenNanos));
            }
            int kvTokens = kvBlocks > 0 ? kvBlocks * blockTokens : timing.kvTokens();
            int sequences = maxSequences > 0 ? maxSequences : timing.maxSequences();
            return timing.withLimits(kvTokens, sequences).scaled(timeScale);
        }
    }
}
