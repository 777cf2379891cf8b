package io.weir.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.simulator.SimulatorConfig.Adapter;
import io.weir.simulator.engine.EngineProfile;
import io.weir.simulator.engine.PacedLatency;
import io.weir.simulator.events.KvEventSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class SimulatorArgumentsTest {

    private static SimulatorArguments parse(String... arguments) {
        return SimulatorArguments.parse(List.of(arguments), EngineProfile.INSTANT);
    }

    @Test
    void theSimulatorsContainerArgumentsAreUnderstood() {
        // When
        SimulatorArguments parsed =
                parse(
                        "--model",
                        "deepseek/vllm-deepseek-r1",
                        "--port",
                        "8000",
                        "--max-loras",
                        "2",
                        "--lora-modules",
                        "{\"name\": \"ski-resorts\"}",
                        "{\"name\": \"movie-critique\", \"path\": \"/m\"}");

        // Then
        assertThat(parsed.port()).isEqualTo(8000);
        assertThat(parsed.config().models()).containsExactly("deepseek/vllm-deepseek-r1");
        assertThat(parsed.config().maxAdapters()).isEqualTo(2);
        assertThat(parsed.config().adapters())
                .containsExactly(
                        new Adapter("ski-resorts", "/adapters/ski-resorts"),
                        new Adapter("movie-critique", "/m"));
        assertThat(parsed.warnings()).isEmpty();
    }

    @Test
    void cacheEventsGoWhereVllmWouldSendThem() {
        SimulatorArguments parsed =
                parse(
                        "--model=m",
                        "--kv-events-config",
                        "{\"enable_kv_cache_events\": true, \"publisher\": \"zmq\","
                                + " \"endpoint\": \"tcp://*:5600\", \"buffer_steps\": 50,"
                                + " \"replay_endpoint\": \"tcp://*:5700\", \"topic\": \"kv@x\"}");

        assertThat(parsed.warnings()).isEmpty();
        assertThat(parsed.config().withRank(2).kvEvents())
                .isEqualTo(
                        new KvEventSettings(
                                "tcp://*:5602", "tcp://*:5702", "kv@x", false, 16, 50, 2));
        assertThat(parse("--model=m", "--kv-events-config={}").config().kvEvents()).isNull();
    }

    @Test
    void cacheEventsGoWhereTheSimulatorWouldSendThem() {
        SimulatorArguments parsed =
                parse(
                        "--model=m",
                        "--enable-kvcache=true",
                        "--zmq-endpoint=tcp://10.0.0.1:5557",
                        "--event-batch-size=4",
                        "--use-vllm-map-event-format");

        assertThat(parsed.config().kvEvents())
                .isEqualTo(
                        new KvEventSettings("tcp://10.0.0.1:5557", null, null, true, 4, 10_000, 0));
        assertThatThrownBy(() -> parse("--model=m", "--zmq-endpoint=nowhere"))
                .hasMessage(
                        "KV-cache events: endpoint: nowhere (expected: tcp://<address>:<port>)");
    }

    @Test
    void theOldFormOfAdaptersIsUnderstood() {
        assertThat(parse("--model", "m", "--lora", "food-review-1").config().adapters())
                .extracting(Adapter::name)
                .containsExactly("food-review-1");
    }

    @Test
    void argumentsOfRealServersAreUnderstood() {
        // When
        SimulatorArguments sglang =
                parse(
                        "python3",
                        "-m",
                        "sglang.launch_server",
                        "--model-path=Qwen/Qwen3-32B",
                        "--host=0.0.0.0",
                        "--port=8000",
                        "--tp=1",
                        "--enable-metrics");

        // Then
        assertThat(sglang.config().root()).isEqualTo("Qwen/Qwen3-32B");
        assertThat(sglang.warnings()).anyMatch(warning -> warning.contains("--tp"));
    }

    @Test
    void latencyFlagsReplaceTheProfile() {
        // When
        EngineProfile profile =
                parse(
                                "--model",
                                "m",
                                "--time-to-first-token",
                                "100ms",
                                "--inter-token-latency",
                                "10ms",
                                "--time-scale",
                                "0.5")
                        .config()
                        .profile();

        // Then
        assertThat(profile.latency()).isEqualTo(PacedLatency.constant(100e6, 10e6));
        assertThat(profile.timeScale()).isEqualTo(0.5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--port; 70000; --port: 70000 (expected: 0..65535)",
                "--max-num-seqs; many; --max-num-seqs: many (expected: a whole number)",
                "--mode; loud; --mode: loud (expected: random or echo)",
                "--latency-profile; fast; --latency-profile: fast (expected: instant,",
                "--inter-token-latency; soon; --inter-token-latency: soon (expected: a duration",
                "--lora-modules; {\"path\":1}; (expected: a \"name\")"
            })
    void aMalformedValueNamesFlagValueAndRule(String flag, String value, String message) {
        assertThatThrownBy(() -> parse("--model", "m", flag, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aMissingModelIsSaid() {
        assertThatThrownBy(() -> parse("--port", "8000")).hasMessage("--model is missing");
    }
}
