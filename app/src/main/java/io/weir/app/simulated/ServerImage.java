package io.weir.app.simulated;

import java.util.List;
import java.util.regex.Pattern;

/** What a container image is, as far as its name tells. */
enum ServerImage {
    /** A simulator of a model server. */
    SIMULATOR,
    /** A model server that needs real hardware. */
    MODEL_SERVER,
    /** An endpoint picker or body-based router, whose job the gateway does itself. */
    PICKER,
    /** Something else. */
    OTHER;

    private static final List<Pattern> SIMULATORS =
            patterns("llm-d-inference-sim", "vllm-sim(ulator)?", "inference-sim(ulator)?");

    private static final List<Pattern> MODEL_SERVERS =
            patterns(
                    "vllm-openai(-.+)?",
                    "vllm-cpu-release-repo",
                    "vllm",
                    "vllm-(cpu|gpu|tpu|rocm|xpu|hpu)(-.+)?",
                    "sglang",
                    "llm-d",
                    "llm-d-(cuda|cpu|aws|rocm|xpu|hpu)(-.+)?");

    private static final List<Pattern> PICKERS =
            patterns(
                    "epp",
                    "lwepp",
                    "llm-d-inference-scheduler",
                    "llm-d-router.*",
                    "bbr",
                    "body-based-routing");

    static ServerImage of(String image) {
        String name = nameOf(image);
        if (SIMULATORS.stream().anyMatch(pattern -> pattern.matcher(name).matches())) {
            return SIMULATOR;
        }
        if (MODEL_SERVERS.stream().anyMatch(pattern -> pattern.matcher(name).matches())) {
            return MODEL_SERVER;
        }
        return PICKERS.stream().anyMatch(pattern -> pattern.matcher(name).matches())
                ? PICKER
                : OTHER;
    }

    /** Returns the last part of an image reference, without tag and digest. */
    private static String nameOf(String image) {
        String untagged = image.replaceFirst("@.*$", "").replaceFirst(":[^/]*$", "");
        return untagged.substring(untagged.lastIndexOf('/') + 1);
    }

    private static List<Pattern> patterns(String... expressions) {
        return List.of(expressions).stream().map(Pattern::compile).toList();
    }
}
