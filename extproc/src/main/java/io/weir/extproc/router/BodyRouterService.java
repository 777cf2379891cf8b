package io.weir.extproc.router;

import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc.ExternalProcessorImplBase;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.StreamObserver;
import io.weir.model.BaseModels;

import java.util.function.Supplier;

/** The gRPC service of the body-based router. */
public final class BodyRouterService extends ExternalProcessorImplBase {

    private final Supplier<BaseModels> baseModels;
    private final RouterObserver observer;
    private final long bodyLimitBytes;

    /**
     * Makes the service.
     *
     * @param baseModels the mapping in force; asked once for each request
     * @param observer counts what happens
     * @param bodyLimitBytes largest request body that is read; more is answered with 413
     */
    public BodyRouterService(
            Supplier<BaseModels> baseModels, RouterObserver observer, long bodyLimitBytes) {
        this.baseModels = baseModels;
        this.observer = observer;
        this.bodyLimitBytes = bodyLimitBytes;
    }

    @Override
    public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> replies) {
        return new BodyRouterStream(baseModels.get(), observer, bodyLimitBytes, replies);
    }
}
