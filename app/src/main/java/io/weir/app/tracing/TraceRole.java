package io.weir.app.tracing;

import io.weir.app.tracing.TraceSettings.Protocol;

/** Who traces. What the environment leaves open is as in the system whose place the role takes. */
public enum TraceRole {
    /** The gateway: every request, over HTTP. */
    GATEWAY("weir", 1, Protocol.HTTP),
    /** The endpoint picker: one request in ten where the proxy has not decided, over gRPC. */
    PICKER("weir-picker", 0.1, Protocol.GRPC),
    /** The body router: the same. */
    BODY_ROUTER("weir-body-router", 0.1, Protocol.GRPC);

    private final String service;
    private final double ratio;
    private final Protocol protocol;

    TraceRole(String service, double ratio, Protocol protocol) {
        this.service = service;
        this.ratio = ratio;
        this.protocol = protocol;
    }

    String service() {
        return service;
    }

    double ratio() {
        return ratio;
    }

    Protocol protocol() {
        return protocol;
    }
}
