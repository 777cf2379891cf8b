package io.weir.simulator;

import io.weir.simulator.engine.EngineProfile;

import java.util.List;

/**
 * Reads the command line of the llm-d inference simulator, of vLLM and of SGLang, as far as it says
 * what a simulated server should look like. {@code --flag value}, {@code --flag=value} and one or
 * two dashes are alike; a flag may have several values; flags that have no meaning here are
 * collected as warnings.
 *
 * <table>
 * <caption>Flags</caption>
 * <tr><td>{@code --model}, {@code --served-model-name}</td><td>what it serves, and under which names
 * </td></tr>
 * <tr><td>{@code --lora-modules}, {@code --max-loras}</td><td>adapters: JSON, {@code name=path} or
 * names</td></tr>
 * <tr><td>{@code --port}, {@code --data-parallel-size}</td><td>where</td></tr>
 * <tr><td>{@code --mode}, {@code --seed}</td><td>{@code random} or {@code echo}</td></tr>
 * <tr><td>{@code --latency-profile}, {@code --time-scale}</td><td>a named {@link EngineProfile}, and a
 * factor of all times</td></tr>
 * <tr><td>{@code --time-to-first-token}, {@code --inter-token-latency}, {@code --prefill-overhead},
 * {@code --prefill-time-per-token}, {@code …-std-dev}, {@code --time-factor-under-load}, {@code
 * --latency-calculator}</td><td>fixed latencies instead of a profile's</td></tr>
 * <tr><td>{@code --max-num-seqs}, {@code --max-model-len}, {@code --max-waiting-queue-length}, {@code
 * --max-request-body-size-mb}, {@code --kv-cache-size}, {@code --block-size}, {@code
 * --enable-kvcache}</td><td>capacities</td></tr>
 * <tr><td>{@code --kv-events-config}, or {@code --zmq-endpoint}, {@code --kv-events-replay-endpoint},
 * {@code --kv-events-replay-queue-size}, {@code --event-batch-size}, {@code
 * --use-vllm-map-event-format}</td><td>where KV-cache events are published</td></tr>
 * <tr><td>{@code --failure-injection-rate}, {@code --failure-types}, {@code --fault-…}</td><td>what
 * goes wrong</td></tr>
 * </table>
 *
 * @param config the server; its Pod name is a placeholder
 * @param port port of the first data-parallel rank
 * @param ranks data-parallel ranks; rank {@code r} listens on {@code port + r}
 * @param warnings flags that were not understood
 */
public record SimulatorArguments(
        SimulatorConfig config, int port, int ranks, List<String> warnings) {

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
        ArgumentReader reader = new ArgumentReader(defaultProfile);
        for (int i = 0; i < arguments.size(); ) {
            Flag flag = Flag.at(arguments, i);
            if (flag.isFlag()) {
                reader.read(flag);
            }
            i += flag.length();
        }
        return reader.arguments();
    }
}
