package io.weir.simulator;

import io.weir.simulator.engine.Engine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The Prometheus page of a model server, under vLLM's names. Every series carries {@code
 * model_name} and {@code engine}, so that readers of either label set are served.
 */
final class SimulatorMetrics {

    private static final double[] TTFT = {
        .001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160
    };
    private static final double[] PER_TOKEN = {
        .01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80
    };
    private static final double[] WHOLE = {
        .3, .5, .8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680
    };
    private static final double[] TOKENS = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5
    };

    private final SimulatorConfig config;
    private final @Nullable EngineRunner runner;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<String, AtomicInteger> openByAdapter = new ConcurrentHashMap<>();
    private final LongAdder promptTokens = new LongAdder();
    private final LongAdder generationTokens = new LongAdder();
    private final Map<String, LongAdder> successes = new ConcurrentHashMap<>();
    private final Histogram ttft = new Histogram("vllm:time_to_first_token_seconds", TTFT);
    private final Histogram interToken =
            new Histogram("vllm:inter_token_latency_seconds", PER_TOKEN);
    private final Histogram perToken =
            new Histogram("vllm:request_time_per_output_token_seconds", PER_TOKEN);
    private final Histogram whole = new Histogram("vllm:e2e_request_latency_seconds", WHOLE);
    private final Histogram prompts = new Histogram("vllm:request_prompt_tokens", TOKENS);
    private final Histogram generations = new Histogram("vllm:request_generation_tokens", TOKENS);

    SimulatorMetrics(SimulatorConfig config, @Nullable EngineRunner runner) {
        this.config = config;
        this.runner = runner;
    }

    /** Notes the start of a request; closing the result notes its end. */
    Timing start(CompletionRequest request, @Nullable String adapter) {
        open.incrementAndGet();
        if (adapter != null) {
            openByAdapter.computeIfAbsent(adapter, _ -> new AtomicInteger()).incrementAndGet();
        }
        return new Timing(request, adapter);
    }

    /** The times of one request; used by its thread. */
    final class Timing implements AutoCloseable {

        private final CompletionRequest request;
        private final @Nullable String adapter;
        private final long startNanos = System.nanoTime();
        private long firstNanos;
        private long lastNanos;

        private Timing(CompletionRequest request, @Nullable String adapter) {
            this.request = request;
            this.adapter = adapter;
        }

        void token() {
            long now = System.nanoTime();
            if (firstNanos == 0) {
                firstNanos = now;
                ttft.observe((now - startNanos) / 1e9);
            } else {
                interToken.observe((now - lastNanos) / 1e9);
            }
            lastNanos = now;
        }

        void finished(int tokens, String reason) {
            if (firstNanos == 0) {
                token();
            }
            double seconds = (lastNanos - startNanos) / 1e9;
            whole.observe(seconds);
            if (tokens > 1) {
                perToken.observe((lastNanos - firstNanos) / 1e9 / (tokens - 1));
            }
            promptTokens.add(request.promptTokens().length);
            generationTokens.add(tokens);
            prompts.observe(request.promptTokens().length);
            generations.observe(tokens);
            successes.computeIfAbsent(reason, _ -> new LongAdder()).increment();
        }

        @Override
        public void close() {
            open.decrementAndGet();
            AtomicInteger count = adapter == null ? null : openByAdapter.get(adapter);
            if (count != null) {
                count.decrementAndGet();
            }
        }
    }

    void handle(Exchange exchange) throws IOException {
        exchange.answer(200, "text/plain; version=0.0.4; charset=utf-8", Json.utf8(page()));
    }

    private Engine.Stats stats() {
        if (runner != null) {
            return runner.stats();
        }
        List<String> active =
                openByAdapter.entrySet().stream()
                        .filter(entry -> entry.getValue().get() > 0)
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
        return new Engine.Stats(
                open.get(), 0, 0, 0, 0, 0, 0, new LinkedHashSet<>(active), Set.of());
    }

    private String page() {
        Engine.Stats stats = stats();
        String labels = "engine=\"0\",model_name=\"" + escaped(config.root()) + "\"";
        var page = new StringBuilder(16_384);
        gauge(page, "vllm:num_requests_running", labels, stats.running());
        gauge(page, "vllm:num_requests_waiting", labels, stats.waiting());
        gauge(page, "vllm:kv_cache_usage_perc", labels, stats.kvCacheUsage());
        int blocks = config.profile().kvTokens() / 16;
        gauge(
                page,
                "vllm:cache_config_info",
                labels + ",block_size=\"16\",num_gpu_blocks=\"" + blocks + "\"",
                1);
        adapters(page, stats);
        counter(page, "vllm:prefix_cache_queries_total", labels, stats.prefixQueriedTokens());
        counter(page, "vllm:prefix_cache_hits_total", labels, stats.prefixHitTokens());
        counter(page, "vllm:num_preemptions_total", labels, stats.preemptions());
        counter(page, "vllm:prompt_tokens_total", labels, promptTokens.sum());
        counter(page, "vllm:generation_tokens_total", labels, generationTokens.sum());
        page.append("# TYPE vllm:request_success_total counter\n");
        successes.forEach((reason, count) ->
                sample(
                        page,
                        "vllm:request_success_total",
                        labels + ",finished_reason=\"" + reason + "\"",
                        (double) count.sum()));
        for (Histogram histogram :
                List.of(ttft, interToken, perToken, whole, prompts, generations)) {
            histogram.render(page, labels);
        }
        return page.toString();
    }

    /** Readers take the series with the highest value, which is the time. */
    private void adapters(StringBuilder page, Engine.Stats stats) {
        String labels =
                "max_lora=\"%d\",running_lora_adapters=\"%s\",waiting_lora_adapters=\"%s\""
                        .formatted(
                                config.maxAdapters(),
                                escaped(String.join(",", stats.runningAdapters())),
                                escaped(String.join(",", stats.waitingAdapters())));
        gauge(page, "vllm:lora_requests_info", labels, System.currentTimeMillis() / 1e3);
    }

    private static void gauge(StringBuilder page, String name, String labels, double value) {
        page.append("# TYPE ").append(name).append(" gauge\n");
        sample(page, name, labels, value);
    }

    private static void counter(StringBuilder page, String name, String labels, long value) {
        page.append("# TYPE ").append(name).append(" counter\n");
        sample(page, name, labels, (double) value);
    }

    private static void sample(StringBuilder page, String name, String labels, double value) {
        page.append(name).append('{').append(labels).append("} ").append(value).append('\n');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
