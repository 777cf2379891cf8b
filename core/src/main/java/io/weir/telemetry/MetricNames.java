package io.weir.telemetry;

import java.util.List;
import java.util.stream.Stream;

/**
 * The one list of metric names, labels and buckets.
 *
 * <p>Names that start with {@code inference_} are those of the reference endpoint picker, so that
 * dashboards and alerts made for it go on working; names that start with {@code weir_} are our own.
 */
public final class MetricNames {

    /* Requests by model: labels model_name, target_model_name and what is named beside. */

    /** Counter, with label priority. */
    public static final String REQUESTS = "inference_objective_request_total";

    /** Counter, with label error_code. */
    public static final String REQUEST_ERRORS = "inference_objective_request_error_total";

    public static final String REQUEST_DURATION = "inference_objective_request_duration_seconds";
    public static final String REQUEST_TTFT = "inference_objective_request_ttft_seconds";
    public static final String REQUEST_TPOT = "inference_objective_request_tpot_seconds";
    public static final String NORMALIZED_TPOT =
            "inference_objective_normalized_time_per_output_token_seconds";
    public static final String REQUEST_SIZES = "inference_objective_request_sizes";
    public static final String RESPONSE_SIZES = "inference_objective_response_sizes";
    public static final String INPUT_TOKENS = "inference_objective_input_tokens";
    public static final String OUTPUT_TOKENS = "inference_objective_output_tokens";
    public static final String CACHED_TOKENS = "inference_objective_prompt_cached_tokens";

    /** Counter by model_rewrite_name, model_name and target_model. */
    public static final String REWRITE_DECISIONS =
            "inference_extension_model_rewrite_decisions_total";

    /* Pools: label name; the last one also model_server_pod. */

    public static final String POOL_KV_CACHE = "inference_pool_average_kv_cache_utilization";
    public static final String POOL_QUEUE = "inference_pool_average_queue_size";
    public static final String POOL_RUNNING = "inference_pool_average_running_requests";
    public static final String POOL_READY = "inference_pool_ready_pods";
    public static final String POD_QUEUE = "inference_pool_per_pod_queue_size";

    /* Requests that wait in front of saturated pools: label inference_pool and others. */

    /** How long requests waited; labels fairness_id, priority, outcome, model_name too. */
    public static final String FLOW_QUEUE_DURATION =
            "inference_extension_flow_control_request_queue_duration_seconds";

    /** Requests that flow control saw to their end; labels outcome and priority too. */
    public static final String FLOW_REQUESTS = "inference_extension_flow_control_requests_total";

    /** Waiting requests; labels fairness_id and priority too. */
    public static final String FLOW_QUEUE_SIZE = "inference_extension_flow_control_queue_size";

    /** Bytes of the bodies of waiting requests; labels fairness_id and priority too. */
    public static final String FLOW_QUEUE_BYTES = "inference_extension_flow_control_queue_bytes";

    /** Load of a pool where 1 is full. */
    public static final String FLOW_SATURATION = "inference_extension_flow_control_pool_saturation";

    /** Used share of a band's requests, 0..1; label priority too. */
    public static final String FLOW_BAND_REQUESTS =
            "inference_extension_flow_control_capacity_utilization_requests";

    /** Used share of a band's bytes, 0..1; label priority too. */
    public static final String FLOW_BAND_BYTES =
            "inference_extension_flow_control_capacity_utilization_bytes";

    /** Used share of the requests that may wait for a pool, 0..1. */
    public static final String FLOW_REQUESTS_USE =
            "inference_extension_flow_control_global_capacity_utilization_requests";

    /** Used share of the bytes that may wait for a pool, 0..1. */
    public static final String FLOW_BYTES_USE =
            "inference_extension_flow_control_global_capacity_utilization_bytes";

    /** Running requests told to end for waiting ones; label priority, that of who waited, too. */
    public static final String FLOW_REVOCATIONS_ISSUED =
            "inference_extension_flow_control_revocations_issued_total";

    /** What came of telling them; label outcome, confirmed or timed_out, too. */
    public static final String FLOW_REVOCATIONS =
            "inference_extension_flow_control_revocations_total";

    /** How much too full a pool was when requests were last told to end. */
    public static final String FLOW_RECLAIM_TARGET =
            "inference_extension_flow_control_reclaim_target";

    /** Load that is about to vanish because requests were told to end. */
    public static final String FLOW_PENDING_RECLAIM =
            "inference_extension_flow_control_pending_reclaim";

    /** How long requests took to end after they were told. */
    public static final String FLOW_REVOCATION_DURATION =
            "inference_extension_flow_control_revocation_confirmation_seconds";

    /* The gateway itself. */

    /** Counter by gateway, listener, route, pool and code. */
    public static final String GATEWAY_REQUESTS = "weir_requests_total";

    /** Histogram by gateway and pool: from the end of the request's body to the pick. */
    public static final String PICK_DURATION = "weir_pick_duration_seconds";

    /** Counter by pool, cause and effect: external pickers that could not be asked. */
    public static final String PICKER_FAILURES = "weir_picker_failures_total";

    /** Counter by pool: attempts after the first. */
    public static final String RETRIES = "weir_retries_total";

    /** Counter by direction, request or response. */
    public static final String BODY_BYTES = "weir_body_bytes_total";

    /** Counter of relayed server-sent events by pool. */
    public static final String STREAM_EVENTS = "weir_stream_events_total";

    /** Counter by outcome, exported, failed or dropped. */
    public static final String TRACE_SPANS = "weir_trace_spans_total";

    public static final String OPEN_REQUESTS = "weir_open_requests";
    public static final String CONFIG_GENERATION = "weir_config_generation";

    /** Gauge by severity. */
    public static final String CONFIG_PROBLEMS = "weir_config_problems";

    /** Gauges by pool and endpoint. */
    public static final String ENDPOINT_IN_FLIGHT = "weir_endpoint_in_flight_requests";

    public static final String ENDPOINT_HEALTHY = "weir_endpoint_healthy";

    /** Counter by pool, endpoint and kind: what servers told about their KV caches. */
    public static final String CACHE_EVENTS = "weir_kv_cache_events_total";

    /** Gauge by pool and endpoint: blocks in KV caches, as far as servers tell. */
    public static final String CACHE_BLOCKS = "weir_kv_cache_index_blocks";

    /** Counter by pool and outcome: prompts that were to be tokenised. */
    public static final String TOKENIZED = "weir_tokenize_requests_total";

    /** Value of a model label for models that are neither configured nor served. */
    public static final String OTHER = "other";

    static final List<Double> LATENCY_BUCKETS =
            List.of(
                    0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0,
                    3.0, 4.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 120.0, 300.0, 600.0,
                    1800.0, 3600.0);

    static final List<Double> TOKEN_TIME_BUCKETS =
            List.of(
                    0.0005, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05,
                    0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0);

    static final List<Double> PICK_BUCKETS =
            List.of(
                    0.00001, 0.000025, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01,
                    0.02, 0.05, 0.1, 1.0, 10.0);

    static final List<Double> QUEUE_BUCKETS =
            List.of(
                    0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
                    10.0, 30.0, 60.0);

    static final List<Double> REVOCATION_BUCKETS =
            List.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

    static final List<Double> SIZE_BUCKETS = powers(64, 4, 13);
    static final List<Double> TOKEN_BUCKETS = powers(1, 2, 21);

    private MetricNames() {}

    private static List<Double> powers(double first, double factor, int count) {
        return Stream.iterate(first, bound -> bound * factor).limit(count).toList();
    }
}
