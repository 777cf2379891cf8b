package io.weir.picker.pool;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.Explanation;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Decided;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.flow.Alarm;
import io.weir.picker.flow.FlowObserver;
import io.weir.picker.flow.FlowSnapshot;
import io.weir.picker.latency.LatencyPredictor;
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
    private final Admission admission;
    private final LatencyPredictor predictor = new LatencyPredictor();

    BuiltInPicker(
            ObjectKey key,
            EndpointPool pool,
            ScratchPool scratches,
            DecisionLog decisions,
            Alarm alarm,
            FlowObserver observer,
            LongSupplier nanoTime) {
        this.key = key;
        this.pool = pool;
        this.scratches = scratches;
        this.decisions = decisions;
        this.nanoTime = nanoTime;
        this.admission = new Admission(pool, alarm, nanoTime, observer);
        pool.whenEased(admission.control()::eased);
    }

    @Override
    public PickResult pick(PickRequest request) {
        if (!admission.isOn()) {
            return pickNow(request, true);
        }
        PoolView view = pool.view();
        if (view.endpoints().length > 0) {
            PickScratch scratch = scratches.take();
            try {
                begin(request, view, scratch);
                if (admission.mayPass(request, view, scratch.context())) {
                    return pickNow(request, view, scratch, false);
                }
                Refused refused = Stages.hopeless(scratch.context());
                if (refused != null) {
                    return refused;
                }
            } finally {
                scratch.context().end();
                scratches.giveBack(scratch);
            }
        }
        return admission.enter(request, waited -> pickNow(waited, false));
    }

    private Decided pickNow(PickRequest request, boolean sheds) {
        PoolView view = pool.view();
        if (view.endpoints().length == 0) {
            return noEndpoints();
        }
        PickScratch scratch = scratches.take();
        try {
            begin(request, view, scratch);
            return pickNow(request, view, scratch, sheds);
        } finally {
            scratch.context().end();
            scratches.giveBack(scratch);
        }
    }

    private Decided pickNow(
            PickRequest request, PoolView view, PickScratch scratch, boolean sheds) {
        PickRecorder recorder = decisions.isOn() ? new PickRecorder() : null;
        Refused refused = Stages.run(view.schedule(), scratch, recorder, true, sheds);
        if (recorder != null) {
            decisions.add(key, explanation(request, view, scratch, recorder, refused));
        }
        return refused != null ? refused : new Picked(settle(request, view, scratch));
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
            Refused refused =
                    Stages.run(view.schedule(), scratch, recorder, false, !admission.isOn());
            return explanation(request, view, scratch, recorder, refused);
        } finally {
            scratch.context().end();
            scratches.giveBack(scratch);
        }
    }

    @Override
    public void update(List<Endpoint> endpoints, PickerSettings settings) {
        try {
            pool.update(endpoints, settings);
        } finally {
            admission.poolChanged();
        }
    }

    /** Lets go of all endpoints; requests on them can still be settled. */
    void retire() {
        admission.control().end();
        pool.retire();
    }

    /** Returns who waits. */
    FlowSnapshot flows() {
        return admission.snapshot();
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
                        view.schedule().predictsLatency() ? predictor : null,
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
        return Settlement.of(
                request, view, scratch, decodeEstimate, admission.control(), predictor, nanoTime);
    }
}
