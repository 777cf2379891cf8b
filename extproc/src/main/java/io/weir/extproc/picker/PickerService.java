package io.weir.extproc.picker;

import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc.ExternalProcessorImplBase;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.StreamObserver;
import io.weir.telemetry.ExchangeObserver;

/** The gRPC service of the endpoint picker. */
public final class PickerService extends ExternalProcessorImplBase {

    private final PickerTarget target;
    private final PickerOptions options;
    private final ExchangeObserver observer;

    /**
     * Makes the service.
     *
     * @param target the pool
     * @param options how requests are served
     * @param observer sees every finished request; called on gRPC threads
     */
    public PickerService(PickerTarget target, PickerOptions options, ExchangeObserver observer) {
        this.target = target;
        this.options = options;
        this.observer = observer;
    }

    @Override
    public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> replies) {
        // Picks after a wait happen on threads of their own: whoever lets requests go lets many go.
        return new PickerStream(target, options, observer, replies, Thread::startVirtualThread);
    }
}
