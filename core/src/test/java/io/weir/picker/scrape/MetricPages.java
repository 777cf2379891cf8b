package io.weir.picker.scrape;

import java.util.List;

/** Metric pages as model servers print them. */
final class MetricPages {

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

    private MetricPages() {}

    /** Returns a page of some 45 KB, of which five lines matter. */
    static String vllm(int waiting, int running, double kvCacheUsage, String adapters) {
        String labels = "{engine=\"0\",model_name=\"meta-llama/Llama-3.1-8B-Instruct\"}";
        StringBuilder page = new StringBuilder(python());
        gauge(page, "vllm:num_requests_running", labels, running);
        gauge(page, "vllm:num_requests_waiting", labels, waiting);
        page.append("vllm:num_requests_waiting_by_reason{reason=\"capacity\"} 77.0\n");
        gauge(page, "vllm:kv_cache_usage_perc", labels, kvCacheUsage);
        gauge(page, "vllm:prefix_cache_queries_total", labels, 1.2345e7);
        gauge(page, "vllm:prefix_cache_hits_total", labels, 0.9e7);
        gauge(page, "vllm:prompt_tokens_total", labels, 2.5e7);
        for (String histogram : HISTOGRAMS) {
            histogram(page, "vllm:" + histogram, labels);
        }
        page.append("# HELP vllm:cache_config_info Information of the LLMEngine CacheConfig\n")
                .append("# TYPE vllm:cache_config_info gauge\n")
                .append("vllm:cache_config_info{block_size=\"16\",cache_dtype=\"auto\",")
                .append("enable_prefix_caching=\"True\",engine=\"0\",num_gpu_blocks=\"25813\",")
                .append("num_gpu_blocks_override=\"None\",swap_space_bytes=\"4294967296\"} 1.0\n")
                .append(adapters);
        return page.toString();
    }

    static String sglang() {
        return """
        # HELP sglang:num_running_reqs The number of running requests.
        # TYPE sglang:num_running_reqs gauge
        sglang:num_running_reqs{model_name="qwen"} 16.0
        sglang:num_queue_reqs{model_name="qwen"} 3.0
        sglang:token_usage{model_name="qwen"} 0.28
        sglang:gen_throughput{model_name="qwen"} 86.5
        sglang:cache_config_info{page_size="64",num_pages="7000"} 1.0
        """;
    }

    static String tensorRtServe() {
        return """
        trtllm_num_requests_waiting 4
        trtllm_num_requests_running 9
        trtllm_kv_cache_utilization 0.5
        trtllm_kv_cache_tokens_per_block 32
        trtllm_kv_cache_max_blocks 1000
        """;
    }

    static String triton() {
        return """
        nv_inference_request_success{model="ensemble",version="1"} 900
        nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="waiting",version="1"} 2
        nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="scheduled",version="1"} 8
        nv_trt_llm_request_metrics{model="tensorrt_llm",request_type="max",version="1"} 512
        nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="fraction",model="m"} 0.25
        nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="tokens_per",model="m"} 64
        nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="max",model="m"} 6239
        nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="used",model="m"} 7
        """;
    }

    private static String python() {
        return """
        # HELP python_gc_objects_collected_total Objects collected during gc
        # TYPE python_gc_objects_collected_total counter
        python_gc_objects_collected_total{generation="0"} 18233.0
        # HELP process_virtual_memory_bytes Virtual memory size in bytes.
        # TYPE process_virtual_memory_bytes gauge
        process_virtual_memory_bytes 3.6289187840e+010
        """;
    }

    private static void gauge(StringBuilder page, String name, String labels, double value) {
        page.append("# HELP ").append(name).append(" What this is, told in a few words.\n");
        page.append("# TYPE ").append(name).append(" gauge\n");
        page.append(name).append(labels).append(' ').append(value).append('\n');
    }

    private static void histogram(StringBuilder page, String name, String labels) {
        String open = labels.substring(0, labels.length() - 1);
        page.append("# TYPE ").append(name).append(" histogram\n");
        for (int bucket = 0; bucket < 24; bucket++) {
            page.append(name).append("_bucket").append(open).append(",le=\"");
            page.append(0.001 * (1 << bucket)).append("\"} ").append(bucket * 311).append(".0\n");
        }
        page.append(name).append("_count").append(labels).append(" 7464.0\n");
        page.append(name).append("_sum").append(labels).append(" 1203.4488\n");
    }
}
