package io.weir.extproc.server;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc.HealthImplBase;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * {@code grpc.health.v1.Health}. The service {@code liveness} serves as long as the process lives;
 * every other name, {@code readiness} and {@code envoy.service.ext_proc.v3.ExternalProcessor} among
 * them, says whether requests are served. Names are not checked, because published probes use
 * several.
 *
 * <p>Thread-safe.
 */
public final class HealthService extends HealthImplBase {

    private static final String LIVENESS = "liveness";

    private final BooleanSupplier ready;
    private final Map<StreamObserver<HealthCheckResponse>, Watched> watchers = new HashMap<>();

    /**
     * @param ready whether requests are served
     */
    public HealthService(BooleanSupplier ready) {
        this.ready = ready;
    }

    @Override
    public void check(
            HealthCheckRequest request, StreamObserver<HealthCheckResponse> responseObserver) {
        responseObserver.onNext(answer(status(request.getService())));
        responseObserver.onCompleted();
    }

    @Override
    public synchronized void watch(
            HealthCheckRequest request, StreamObserver<HealthCheckResponse> responseObserver) {
        String service = request.getService();
        ServingStatus status = status(service);
        if (responseObserver instanceof ServerCallStreamObserver<HealthCheckResponse> call) {
            call.setOnCancelHandler(() -> forget(responseObserver));
        }
        watchers.put(responseObserver, new Watched(service, status));
        responseObserver.onNext(answer(status));
    }

    private synchronized void forget(StreamObserver<HealthCheckResponse> watcher) {
        watchers.remove(watcher);
    }

    /** Tells watchers, to be called when the readiness may have changed. */
    public synchronized void refresh() {
        List<StreamObserver<HealthCheckResponse>> all = new ArrayList<>(watchers.keySet());
        for (StreamObserver<HealthCheckResponse> watcher : all) {
            watchers.computeIfPresent(watcher, (_, watched) -> told(watcher, watched));
        }
    }

    private Watched told(StreamObserver<HealthCheckResponse> watcher, Watched watched) {
        ServingStatus now = status(watched.service);
        if (now != watched.status) {
            watcher.onNext(answer(now));
        }
        return new Watched(watched.service, now);
    }

    private ServingStatus status(String service) {
        boolean serving = service.equals(LIVENESS) || ready.getAsBoolean();
        return serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }

    private static HealthCheckResponse answer(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }

    private record Watched(String service, ServingStatus status) {}
}
