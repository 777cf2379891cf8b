package io.weir.extproc.router;

import io.grpc.stub.StreamObserver;
import io.weir.extproc.wire.ExtProcService;
import io.weir.extproc.wire.HeldBytes;
import io.weir.extproc.wire.IdleStreams;
import io.weir.extproc.wire.Incoming;
import io.weir.extproc.wire.Outbox;
import io.weir.model.BaseModels;
import io.weir.telemetry.ExchangeObserver;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/** The gRPC service of the body-based router. */
public final class BodyRouterService extends ExtProcService {

    private final RouterContext context;

    /**
     * Makes the service.
     *
     * @param baseModels the mapping in force; asked once for each request
     * @param observer counts what happens
     * @param options how requests are served
     */
    public BodyRouterService(
            Supplier<BaseModels> baseModels, RouterObserver observer, RouterOptions options) {
        this(baseModels, observer, null, options);
    }

    /**
     * Makes the service.
     *
     * @param baseModels the mapping in force; asked once for each request
     * @param observer counts what happens
     * @param requests sees every request, on gRPC threads; null when nobody wants to
     * @param options how requests are served
     */
    public BodyRouterService(
            Supplier<BaseModels> baseModels,
            RouterObserver observer,
            @Nullable ExchangeObserver requests,
            RouterOptions options) {
        this.context =
                new RouterContext(
                        baseModels,
                        observer,
                        requests,
                        options,
                        HeldBytes.ofHeap(),
                        new IdleStreams(options.idleTimeout(), System::nanoTime));
    }

    @Override
    protected StreamObserver<Incoming> open(Outbox out) {
        return new BodyRouterStream(context, out);
    }

    /** Ends streams of which nothing came for too long; to be called every few seconds. */
    public void sweep() {
        context.reading().sweep();
    }

    /** Returns how many bytes unfinished bodies hold. */
    public long heldBytes() {
        return context.held().held();
    }
}
