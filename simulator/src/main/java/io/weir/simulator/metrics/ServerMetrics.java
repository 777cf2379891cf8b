package io.weir.simulator.metrics;

import io.weir.simulator.engine.Engine;
import io.weir.simulator.engine.EngineCounters;
import io.weir.simulator.engine.EngineProfile;

import java.util.Map;
import java.util.TreeMap;

/** The counters of one server. */
public final class ServerMetrics {

    private static final double NANOS = 1e-9;

    private final String labels;
    private final EngineProfile profile;
    private final int maxAdapters;
    private final Map<String, Long> finished = new TreeMap<>();
    private final Histogram firstToken = new Histogram(Buckets.firstToken());
    private final Histogram betweenTokens = new Histogram(Buckets.betweenTokens());
    private final Histogram perOutputToken = new Histogram(Buckets.betweenTokens());
    private final Histogram endToEnd = new Histogram(Buckets.request());
    private final Histogram queued = new Histogram(Buckets.request());
    private final Histogram inference = new Histogram(Buckets.request());
    private final Histogram prefill = new Histogram(Buckets.request());
    private final Histogram decode = new Histogram(Buckets.request());
    private final Histogram paramsN = new Histogram(Buckets.choices());
    private final Histogram promptTokens;
    private final Histogram generatedTokens;
    private final Histogram maxGeneratedTokens;
    private final Histogram maxTokens;
    private long promptTokenCount;
    private long promptTokensCached;

    /**
     * @param model value of {@code model_name}
     * @param profile capacities of the engine
     * @param maxAdapters adapters that are resident at a time
     * @param maxModelTokens longest request
     */
    public ServerMetrics(String model, EngineProfile profile, int maxAdapters, int maxModelTokens) {
        this.profile = profile;
        this.maxAdapters = maxAdapters;
        labels = "engine=\"0\"," + PrometheusText.label("model_name", model);
        promptTokens = new Histogram(Buckets.tokens(maxModelTokens));
        generatedTokens = new Histogram(Buckets.tokens(maxModelTokens));
        maxGeneratedTokens = new Histogram(Buckets.tokens(maxModelTokens));
        maxTokens = new Histogram(Buckets.tokens(maxModelTokens));
        finished.put("abort", 0L);
        finished.put("length", 0L);
        finished.put("stop", 0L);
    }

    /** Counts a prompt that began to run. */
    public void prompt(int tokens, int cached) {
        promptTokenCount += tokens;
        promptTokensCached += cached;
    }

    /** Counts how many answers a request wanted. */
    public void choices(int count) {
        paramsN.observe(count);
    }

    /** Counts the time between two tokens of a sequence, several times. */
    public void betweenTokens(long nanos, int times) {
        betweenTokens.observe(nanos * NANOS, times);
    }

    /** Counts the time to a sequence's first token. */
    public void firstToken(long nanos) {
        firstToken.observe(nanos * NANOS);
    }

    /** Counts a request that the client gave up. */
    public void aborted() {
        finished.merge("abort", 1L, Long::sum);
    }

    /** Counts a request that ended. */
    public void finished(RequestTimes times) {
        finished.merge(times.finishReason(), 1L, Long::sum);
        endToEnd.observe((times.lastTokenNanos() - times.submittedNanos()) * NANOS);
        queued.observe((times.admittedNanos() - times.submittedNanos()) * NANOS);
        inference.observe((times.lastTokenNanos() - times.admittedNanos()) * NANOS);
        prefill.observe((times.firstTokenNanos() - times.admittedNanos()) * NANOS);
        long decoding = times.lastTokenNanos() - times.firstTokenNanos();
        decode.observe(decoding * NANOS);
        if (times.generatedTokens() > 1) {
            perOutputToken.observe(decoding * NANOS / (times.generatedTokens() - 1));
        }
        promptTokens.observe(times.promptTokens());
        generatedTokens.observe(times.generatedTokens());
        maxGeneratedTokens.observe(times.generatedTokens());
        if (times.maxTokens() >= 0) {
            maxTokens.observe(times.maxTokens());
        }
    }

    /** Returns everything as Prometheus text. */
    public byte[] render(Engine engine, double nowSeconds) {
        PrometheusText text = new PrometheusText(labels);
        state(text, engine, nowSeconds);
        counters(text, engine.counters());
        histograms(text);
        return text.bytes();
    }

    private void state(PrometheusText text, Engine engine, double nowSeconds) {
        text.gauge(
                "vllm:num_requests_running",
                "Number of requests in model execution batches.",
                engine.running());
        text.gauge(
                "vllm:num_requests_waiting",
                "Number of requests waiting to be processed.",
                engine.waiting());
        text.gauge(
                "vllm:kv_cache_usage_perc",
                "KV-cache usage. 1 means 100 percent usage.",
                engine.kvUsage());
        text.head("vllm:cache_config_info", "Information of the LLMEngine CacheConfig", "gauge");
        String config =
                ",block_size=\""
                        + profile.blockTokens()
                        + "\",enable_prefix_caching=\""
                        + (profile.prefixCaching() ? "True" : "False")
                        + "\",num_gpu_blocks=\""
                        + profile.kvBlocks()
                        + '"';
        text.line("vllm:cache_config_info", config, 1);
        text.head("vllm:lora_requests_info", "Running stats on lora requests.", "gauge");
        String adapters =
                ",max_lora=\""
                        + maxAdapters
                        + "\","
                        + names("running_lora_adapters", engine.runningByAdapter())
                        + ","
                        + names("waiting_lora_adapters", engine.waitingByAdapter());
        text.line("vllm:lora_requests_info", adapters, nowSeconds);
    }

    private static String names(String label, Map<String, Integer> adapters) {
        return PrometheusText.label(label, String.join(",", adapters.keySet()));
    }

    private void counters(PrometheusText text, EngineCounters counters) {
        text.counter(
                "vllm:num_preemptions_total",
                "Cumulative number of preemptions from the engine.",
                counters.preemptions());
        text.counter(
                "vllm:prefix_cache_queries_total",
                "Prefix cache queries, in tokens.",
                counters.prefixQueryTokens());
        text.counter(
                "vllm:prefix_cache_hits_total",
                "Prefix cache hits, in tokens.",
                counters.prefixHitTokens());
        text.counter(
                "vllm:prompt_tokens_total",
                "Number of prefill tokens processed.",
                promptTokenCount);
        text.counter(
                "vllm:prompt_tokens_cached_total",
                "Number of prompt tokens found in the cache.",
                promptTokensCached);
        text.counter(
                "vllm:generation_tokens_total",
                "Number of generation tokens processed.",
                counters.generatedTokens());
        text.head(
                "vllm:request_success_total",
                "Count of successfully processed requests.",
                "counter");
        finished.forEach((reason, count) ->
                text.line(
                        "vllm:request_success_total", ",finished_reason=\"" + reason + '"', count));
    }

    private void histograms(PrometheusText text) {
        text.histogram(
                "vllm:time_to_first_token_seconds", "Time to first token in seconds.", firstToken);
        text.histogram(
                "vllm:inter_token_latency_seconds",
                "Inter-token latency in seconds.",
                betweenTokens);
        text.histogram(
                "vllm:time_per_output_token_seconds",
                "Inter-token latency in seconds, by its former name.",
                betweenTokens);
        text.histogram(
                "vllm:request_time_per_output_token_seconds",
                "Mean time per output token of a request in seconds.",
                perOutputToken);
        text.histogram(
                "vllm:e2e_request_latency_seconds", "End-to-end latency in seconds.", endToEnd);
        text.histogram(
                "vllm:request_queue_time_seconds", "Time in the WAITING phase in seconds.", queued);
        text.histogram(
                "vllm:request_inference_time_seconds",
                "Time in the RUNNING phase in seconds.",
                inference);
        text.histogram(
                "vllm:request_prefill_time_seconds",
                "Time in the PREFILL phase in seconds.",
                prefill);
        text.histogram(
                "vllm:request_decode_time_seconds", "Time in the DECODE phase in seconds.", decode);
        text.histogram(
                "vllm:request_prompt_tokens", "Number of prefill tokens processed.", promptTokens);
        text.histogram(
                "vllm:request_generation_tokens",
                "Number of generation tokens processed.",
                generatedTokens);
        text.histogram(
                "vllm:request_max_num_generation_tokens",
                "Maximum number of requested generation tokens.",
                maxGeneratedTokens);
        text.histogram("vllm:request_params_max_tokens", "The max_tokens parameter.", maxTokens);
        text.histogram("vllm:request_params_n", "The n parameter.", paramsN);
    }
}
