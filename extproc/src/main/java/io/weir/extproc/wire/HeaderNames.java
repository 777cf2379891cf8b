package io.weir.extproc.wire;

import java.util.List;
import java.util.Set;

/** Header and metadata names of the endpoint picker protocol, lower case. */
public final class HeaderNames {

    /** Picked endpoints, {@code ip:port} joined by commas in order of preference. */
    public static final String DESTINATION = "x-gateway-destination-endpoint";

    /** Metadata key: what each candidate scored, by address. */
    public static final String SCORES = "x-gateway-destination-endpoint-scores";

    /** Metadata key: the endpoints to choose from. */
    public static final String SUBSET = "x-gateway-destination-endpoint-subset";

    /** Metadata key: the endpoint that answered. */
    public static final String SERVED = "x-gateway-destination-endpoint-served";

    /** Name of an InferenceObjective, old and new. */
    public static final List<String> OBJECTIVE =
            List.of("x-llm-d-inference-objective", "x-gateway-inference-objective");

    /** Whose request it is, old and new. */
    public static final List<String> FAIRNESS_ID =
            List.of("x-llm-d-inference-fairness-id", "x-gateway-inference-fairness-id");

    /** Target model asked for by a trusted hop, old and new. */
    public static final List<String> MODEL_REWRITE =
            List.of("x-llm-d-model-name-rewrite", "x-gateway-model-name-rewrite");

    /** Why a request was refused. */
    public static final String DROPPED_REASON = "x-llm-d-request-dropped-reason";

    /** The body's model, set by the body-based router. */
    public static final String MODEL_NAME = "X-Gateway-Model-Name";

    /** The base model, set by the body-based router. */
    public static final String BASE_MODEL_NAME = "X-Gateway-Base-Model-Name";

    /** Identifies a request across hops. */
    public static final String REQUEST_ID = "x-request-id";

    /** Namespace of the dynamic metadata that names endpoints. */
    public static final String LB_NAMESPACE = "envoy.lb";

    /** Namespace of the filter metadata that restricts endpoints. */
    public static final String SUBSET_NAMESPACE = "envoy.lb.subset_hint";

    /** Headers that control the picker and must not reach the model server. */
    public static final Set<String> CONTROL =
            Set.of(
                    SUBSET,
                    SERVED,
                    "x-gateway-inference-objective",
                    "x-llm-d-inference-objective",
                    "x-gateway-inference-fairness-id",
                    "x-llm-d-inference-fairness-id",
                    "x-gateway-model-name-rewrite",
                    "x-llm-d-model-name-rewrite",
                    "x-prefiller-host-port",
                    "x-encoder-hosts-ports",
                    "x-data-parallel-host-port",
                    "x-kv-cache-source-host-port");

    private HeaderNames() {}
}
