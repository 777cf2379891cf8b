package io.weir.picker.pool;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Profile;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Picks endpoints of one pool by its profile. */
final class BuiltInPicker implements PoolPicker {

    // Beyond this, so many others pick at the same moment that one more on the same endpoint
    // tips no balance.
    private static final int ATTEMPTS = 4;

    private final EndpointPool pool;
    private final ScratchPool scratches;
    private final LongSupplier nanoTime;
    private final SubsetFilter subsetFilter = new SubsetFilter();
    private final ModelFilter modelFilter = new ModelFilter();
    private final DecodeEstimate decodeEstimate = new DecodeEstimate();

    BuiltInPicker(EndpointPool pool, ScratchPool scratches, LongSupplier nanoTime) {
        this.pool = pool;
        this.scratches = scratches;
        this.nanoTime = nanoTime;
    }

    @Override
    public PickResult pick(PickRequest request) {
        PoolView view = pool.view();
        if (view.endpoints().length == 0) {
            return new Refused(Reason.NO_ENDPOINTS, "no endpoint of the pool is ready", 1);
        }
        PickScratch scratch = scratches.take();
        try {
            return pick(request, view, scratch);
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
        for (EndpointState state : pool.view().endpoints()) {
            snapshots.add(state.snapshot(now));
        }
        return List.copyOf(snapshots);
    }

    private PickResult pick(PickRequest request, PoolView view, PickScratch scratch) {
        PickContext context = scratch.context();
        Profile profile = view.profile();
        scratch.ensureCapacity(view.endpoints().length);
        context.begin(request, view.endpoints(), profile.prefixSettings(), nanoTime.getAsLong());
        for (int attempt = 1; ; attempt++) {
            Refused refused = narrow(profile, context);
            if (refused != null) {
                return refused;
            }
            rank(profile, scratch);
            if (reserve(context, scratch.ranking().position(0), attempt)) {
                return new Picked(settle(request, view, scratch));
            }
        }
    }

    private @Nullable Refused narrow(Profile profile, PickContext context) {
        context.admitAll();
        if (context.request().subset() != null && !context.apply(subsetFilter)) {
            return new Refused(Reason.NO_ENDPOINTS, "no endpoint of the wanted subset is ready", 1);
        }
        if (!context.apply(modelFilter)) {
            return modelNotServed(context);
        }
        if (context.request().priority() < 0 && profile.saturation(context) >= 1) {
            return new Refused(Reason.SHED, "system saturated, sheddable request dropped", 1);
        }
        if (!profile.filter(context)) {
            return new Refused(Reason.SHED, "no endpoints available for the given request", 1);
        }
        return null;
    }

    private static Refused modelNotServed(PickContext context) {
        // An adapter may have been loaded since the servers were last asked what they serve.
        for (int i = 0; i < context.size(); i++) {
            context.endpoint(i).modelsInDoubt(true);
        }
        String model = context.request().model();
        return new Refused(Reason.MODEL_NOT_SERVED, "The model `" + model + "` does not exist.", 0);
    }

    private static void rank(Profile profile, PickScratch scratch) {
        PickContext context = scratch.context();
        Ranking ranking = scratch.ranking();
        double[] totals = scratch.totals();
        profile.score(context, totals, scratch.scores());
        ranking.clear();
        for (int i = 0; i < context.size(); i++) {
            boolean avoided = context.endpoint(i).health().isAvoided(context.nowNanos());
            double key = profile.key(totals[i], context);
            ranking.offer(i, key, avoided, scratch.random().nextLong());
        }
    }

    private static boolean reserve(PickContext context, int position, int attempt) {
        EndpointState chosen = context.endpoint(position);
        if (chosen.inFlight().tryAddRequest(context.inFlightRequests(position))) {
            return true;
        }
        if (attempt < ATTEMPTS) {
            return false;
        }
        chosen.inFlight().addRequest();
        return true;
    }

    private PoolReservation settle(PickRequest request, PoolView view, PickScratch scratch) {
        PickContext context = scratch.context();
        int position = scratch.ranking().position(0);
        EndpointState chosen = context.endpoint(position);
        long uncachedTokens = context.uncachedTokens(position);
        PoolReservation reservation =
                new PoolReservation(
                        chosen,
                        uncachedTokens,
                        Math.max(0, request.promptTokens()),
                        decodeEstimate.expected(request.maxTokens()),
                        Fallbacks.of(view.endpoints(), context, scratch.ranking()),
                        decodeEstimate,
                        nanoTime);
        context.prefixes().record(context.index(position));
        rememberAdapter(chosen, request.model(), context.nowNanos());
        return reservation;
    }

    private static void rememberAdapter(
            EndpointState chosen, @Nullable String model, long nowNanos) {
        if (model != null && chosen.isAdapter(model)) {
            chosen.recentAdapters().add(model, nowNanos);
        }
    }
}
