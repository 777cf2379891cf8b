package io.weir.bench.micro;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A page of metrics as vLLM prints it: 45 KB, of which five lines matter. */
final class MetricsPage {

    private static final String LABELS =
            "engine=\"0\",model_name=\"meta-llama/Llama-3.1-8B-Instruct\"";
    private static final List<String> HISTOGRAMS =
            List.of(
                    "time_to_first_token_seconds",
                    "time_per_output_token_seconds",
                    "inter_token_latency_seconds",
                    "e2e_request_latency_seconds",
                    "request_queue_time_seconds",
                    "request_inference_time_seconds",
                    "request_prefill_time_seconds",
                    "request_decode_time_seconds",
                    "request_prompt_tokens",
                    "request_generation_tokens",
                    "request_max_num_generation_tokens",
                    "request_params_n",
                    "request_params_max_tokens",
                    "iteration_tokens_total");
    private static final int BUCKETS = 24;

    private MetricsPage() {}

    /** Returns a whole HTTP answer. */
    static byte[] answer(int running) {
        byte[] page = page(running).getBytes(StandardCharsets.UTF_8);
        byte[] head =
                ("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: "
                                + page.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] answer = new byte[head.length + page.length];
        System.arraycopy(head, 0, answer, 0, head.length);
        System.arraycopy(page, 0, answer, head.length, page.length);
        return answer;
    }

    private static String page(int running) {
        StringBuilder page = new StringBuilder();
        value(page, "num_requests_running", running);
        value(page, "num_requests_waiting", 0);
        value(page, "kv_cache_usage_perc", 0.25);
        value(page, "prefix_cache_queries_total", 12_345_000);
        value(page, "prefix_cache_hits_total", 9_000_000);
        HISTOGRAMS.forEach(name -> histogram(page, name));
        page.append("# TYPE vllm:cache_config_info gauge\n")
                .append("vllm:cache_config_info{block_size=\"16\",cache_dtype=\"auto\",")
                .append(
                        "enable_prefix_caching=\"True\",engine=\"0\",num_gpu_blocks=\"25813\"} 1.0\n");
        return page.toString();
    }

    private static void value(StringBuilder page, String name, double value) {
        page.append("# HELP vllm:").append(name).append(" What this is, told in a few words.\n");
        page.append("# TYPE vllm:").append(name).append(" gauge\n");
        page.append("vllm:").append(name).append('{').append(LABELS).append("} ");
        page.append(value).append('\n');
    }

    private static void histogram(StringBuilder page, String name) {
        page.append("# HELP vllm:").append(name).append(" Histogram of what its name says.\n");
        page.append("# TYPE vllm:").append(name).append(" histogram\n");
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            page.append("vllm:").append(name).append("_bucket{").append(LABELS);
            page.append(",le=\"").append(0.001 * (1 << bucket)).append("\"} ");
            page.append(bucket * 311).append(".0\n");
        }
        page.append("vllm:").append(name).append("_count{").append(LABELS).append("} 7464.0\n");
        page.append("vllm:").append(name).append("_sum{").append(LABELS).append("} 1203.4\n");
    }
}
