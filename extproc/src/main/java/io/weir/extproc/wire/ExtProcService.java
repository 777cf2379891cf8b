package io.weir.extproc.wire;

import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/** The gRPC service {@code envoy.service.ext_proc.v3.ExternalProcessor}. */
public abstract class ExtProcService implements BindableService {

    /**
     * Takes over a stream that has just begun.
     *
     * @param out takes its replies
     * @return takes its messages
     */
    protected abstract StreamObserver<Incoming> open(Outbox out);

    @Override
    public final ServerServiceDefinition bindService() {
        MethodDescriptor<Incoming, Reply> process =
                ExternalProcessorGrpc.getProcessMethod().toBuilder(
                                new Marshallers.Requests(), new Marshallers.Replies())
                        .build();
        ServiceDescriptor service =
                ServiceDescriptor.newBuilder(ExternalProcessorGrpc.SERVICE_NAME)
                        .setSchemaDescriptor(
                                ExternalProcessorGrpc.getServiceDescriptor().getSchemaDescriptor())
                        .addMethod(process)
                        .build();
        return ServerServiceDefinition.builder(service)
                .addMethod(
                        process,
                        ServerCalls.asyncBidiStreamingCall(replies -> open(Outbox.of(replies))))
                .build();
    }
}
