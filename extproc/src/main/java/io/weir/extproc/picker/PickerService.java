package io.weir.extproc.picker;

import io.grpc.stub.StreamObserver;
import io.weir.extproc.wire.ExtProcService;
import io.weir.extproc.wire.HeldBytes;
import io.weir.extproc.wire.IdleStreams;
import io.weir.extproc.wire.Incoming;
import io.weir.extproc.wire.Outbox;
import io.weir.telemetry.ExchangeObserver;

import java.util.concurrent.Executor;

/** The gRPC service of the endpoint picker. */
public final class PickerService extends ExtProcService {

    private final PickerContext context;
    private final Executor elsewhere;

    /**
     * Makes the service.
     *
     * @param target the pool
     * @param options how requests are served
     * @param observer sees every finished request; called on gRPC threads
     */
    public PickerService(PickerTarget target, PickerOptions options, ExchangeObserver observer) {
        this(target, options, observer, HeldBytes.ofHeap());
    }

    /**
     * Makes the service.
     *
     * @param target the pool
     * @param options how requests are served
     * @param observer sees every finished request; called on gRPC threads
     * @param held what unfinished bodies may hold together
     */
    public PickerService(
            PickerTarget target, PickerOptions options, ExchangeObserver observer, HeldBytes held) {
        // Whoever lets requests go or breaks them off may do so with many, and holds a lock.
        this(target, options, observer, held, Thread::startVirtualThread);
    }

    /**
     * @param elsewhere runs what the ends of other requests bring about for a request
     */
    PickerService(
            PickerTarget target,
            PickerOptions options,
            ExchangeObserver observer,
            HeldBytes held,
            Executor elsewhere) {
        this.elsewhere = elsewhere;
        IdleStreams reading = new IdleStreams(options.idleTimeout(), System::nanoTime);
        this.context = new PickerContext(target, options, observer, held, reading);
    }

    @Override
    protected StreamObserver<Incoming> open(Outbox out) {
        return new PickerStream(context, out, elsewhere);
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
