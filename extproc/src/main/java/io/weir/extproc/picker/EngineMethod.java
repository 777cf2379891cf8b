package io.weir.extproc.picker;

import org.jspecify.annotations.Nullable;

/** Methods of vLLM's gRPC engine that run the model; no other is read. */
enum EngineMethod {
    GENERATE("/vllm.grpc.engine.VllmEngine/Generate"),
    EMBED("/vllm.grpc.engine.VllmEngine/Embed");

    private final String path;

    EngineMethod(String path) {
        this.path = path;
    }

    /** Returns the method that a path names; null when it is none of them. */
    static @Nullable EngineMethod of(String path) {
        for (EngineMethod method : values()) {
            if (path.endsWith(method.path)) {
                return method;
            }
        }
        return null;
    }
}
