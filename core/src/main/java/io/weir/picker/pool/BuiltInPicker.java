package io.weir.picker.pool;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.Explanation;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.plugin.PickContext;
import io.weir.resource.ObjectKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Picks endpoints of one pool by its configuration. */
final class BuiltInPicker implements PoolPicker {

    private final ObjectKey key;
    private final EndpointPool pool;
    private final ScratchPool scratches;
    private final DecisionLog decisions;
    private final LongSupplier nanoTime;
    private final DecodeEstimate decodeEstimate = new DecodeEstimate();

    BuiltInPicker(
            ObjectKey key,
            EndpointPool pool,
            ScratchPool scratches,
            DecisionLog decisions,
            LongSupplier nanoTime) {
        this.key = key;
        this.pool = pool;
        this.scratches = scratches;
        this.decisions = decisions;
        this.nanoTime = nanoTime;
    }

    @Override
    public PickResult pick(PickRequest request) {
        PoolView view = pool.view();
        if (view.endpoints().length == 0) {
            return noEndpoints();
        }
        PickRecorder recorder = decisions.isOn() ? new PickRecorder() : null;
        PickScratch scratch = scratches.take();
        try {
            begin(request, view, scratch);
            Refused refused = Stages.run(view.schedule(), scratch, recorder, true);
            if (recorder != null) {
                decisions.add(key, explanation(request, view, scratch, recorder, refused));
            }
            return refused != null ? refused : new Picked(settle(request, view, scratch));
        } finally {
            scratch.context().end();
            scratches.giveBack(scratch);
        }
    }

    /** Returns what would become of a request now; reserves and remembers nothing. */
    Explanation explain(PickRequest request) {
        PoolView view = pool.view();
        PickRecorder recorder = new PickRecorder();
        long now = nanoTime.getAsLong();
        if (view.endpoints().length == 0) {
            return recorder.explanation(request, now, null, noEndpoints());
        }
        PickScratch scratch = scratches.take();
        try {
            begin(request, view, scratch);
            Refused refused = Stages.run(view.schedule(), scratch, recorder, false);
            return explanation(request, view, scratch, recorder, refused);
        } finally {
            scratch.context().end();
            scratches.giveBack(scratch);
        }
    }

    @Override
    public void update(List<Endpoint> endpoints, PickerSettings settings) {
        pool.update(endpoints, settings);
    }

    /** Lets go of all endpoints; requests on them can still be settled. */
    void retire() {
        pool.retire();
    }

    @Override
    public List<EndpointSnapshot> endpoints() {
        long now = nanoTime.getAsLong();
        List<EndpointSnapshot> snapshots = new ArrayList<>();
        for (var state : pool.view().endpoints()) {
            snapshots.add(state.snapshot(now));
        }
        return List.copyOf(snapshots);
    }

    private static Refused noEndpoints() {
        return new Refused(Reason.NO_ENDPOINTS, "no endpoint of the pool is ready", 1);
    }

    private void begin(PickRequest request, PoolView view, PickScratch scratch) {
        scratch.ensureCapacity(view.endpoints().length);
        scratch.context().countsOutput(view.schedule().load().countsOutput());
        scratch.context()
                .begin(
                        request,
                        view.endpoints(),
                        view.schedule().prefixSettings(),
                        nanoTime.getAsLong());
    }

    private static Explanation explanation(
            PickRequest request,
            PoolView view,
            PickScratch scratch,
            PickRecorder recorder,
            @Nullable Refused refused) {
        PickContext context = scratch.context();
        int primary = refused != null ? -1 : view.schedule().plan().primary(context);
        return recorder.explanation(
                request,
                context.nowNanos(),
                primary < 0 ? null : context.endpointAt(context.choice(primary)),
                refused);
    }

    private PoolReservation settle(PickRequest request, PoolView view, PickScratch scratch) {
        return Settlement.of(request, view, scratch, decodeEstimate, nanoTime);
    }
}
