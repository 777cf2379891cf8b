package io.weir.picker.pool;

import io.weir.picker.Endpoint;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.plugin.Admitter;
import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Profile;
import io.weir.picker.plugin.ProfilePlan;
import io.weir.picker.plugin.Schedule;
import io.weir.picker.plugin.Screener;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.ObjDoubleConsumer;

/**
 * One pick from all endpoints to those that the profiles chose.
 *
 * <pre>
 * all ─▶ subset ─▶ model ─▶ screeners ─▶ admitters ─▶ each profile: filters ─▶ scorers ─▶ reserve
 *                                                        ▲                                 │
 *                                                        └── somebody else was faster ─────┘
 * </pre>
 */
final class Stages {

    // Beyond this, so many others pick at the same moment that one more on the same endpoint
    // tips no balance.
    private static final int ATTEMPTS = 4;
    private static final Filter SUBSET = new SubsetFilter();
    private static final Filter MODEL = new ModelFilter();

    private Stages() {}

    /**
     * Picks. The endpoints are in the context's choices then, the retries of the primary one in the
     * scratch.
     *
     * @param recorder is told of everything; null when nobody asks
     * @param reserve whether the endpoints chosen count a request more
     * @param sheds whether requests that may be dropped are, when the pool is saturated
     * @return why there is none; null when there is
     */
    static @Nullable Refused run(
            Schedule schedule,
            PickScratch scratch,
            @Nullable PickRecorder recorder,
            boolean reserve,
            boolean sheds) {
        PickContext context = scratch.context();
        Refused refused = narrow(schedule, context, recorder, sheds);
        if (refused != null) {
            return refused;
        }
        ProfilePlan plan = schedule.plan();
        refused = plan.refusal(context);
        if (refused != null) {
            return refused;
        }
        context.admitNoMore();
        int primary = plan.primary(context);
        int profile = plan.next(context, ProfilePlan.NONE);
        while (profile != ProfilePlan.NONE) {
            boolean isPrimary = profile == primary;
            boolean found = runOne(schedule.profile(profile), scratch, recorder, reserve);
            trace(schedule.profile(profile), scratch, recorder, found, isPrimary);
            if (isPrimary && !found) {
                giveUp(schedule, context, reserve);
                return new Refused(Reason.SHED, plan.failure(), 1);
            }
            if (found) {
                choose(scratch, profile, isPrimary);
            }
            profile = plan.next(context, profile);
        }
        if (!ConditionalDecode.isMet(context, primary)) {
            giveUp(schedule, context, reserve);
            return ConditionalDecode.refusal();
        }
        return null;
    }

    /**
     * Returns why no endpoint will ever serve a request, whether it waits or not; null when one
     * might.
     */
    static @Nullable Refused hopeless(PickContext context) {
        context.admitAll();
        return context.apply(MODEL) ? null : modelNotServed(context);
    }

    private static @Nullable Refused narrow(
            Schedule schedule,
            PickContext context,
            @Nullable PickRecorder recorder,
            boolean sheds) {
        context.admitAll();
        if (recorder != null) {
            recorder.restart(context);
        }
        boolean isSubset = context.request().subset() != null;
        if (isSubset && !apply(SUBSET, "subset", context, recorder)) {
            return new Refused(Reason.NO_ENDPOINTS, "no endpoint of the wanted subset is ready", 1);
        }
        if (!apply(MODEL, "model", context, recorder)) {
            return modelNotServed(context);
        }
        if (!screen(schedule, context, recorder)) {
            return new Refused(Reason.NO_ENDPOINTS, "no endpoint passes the screeners", 1);
        }
        if (sheds && context.request().priority() < 0 && schedule.saturation(context) >= 1) {
            return new Refused(Reason.SHED, "system saturated, sheddable request dropped", 1);
        }
        List<Admitter> admitters = schedule.admitters();
        for (int i = 0; i < admitters.size(); i++) {
            Refused refused = admitters.get(i).refusal(context);
            if (refused != null) {
                return refused;
            }
        }
        return null;
    }

    private static boolean screen(
            Schedule schedule, PickContext context, @Nullable PickRecorder recorder) {
        List<Screener> screeners = schedule.screeners();
        for (int i = 0; i < screeners.size(); i++) {
            if (recorder != null) {
                recorder.beforeFilter(context);
            }
            boolean left = context.screen(screeners.get(i));
            if (recorder != null) {
                recorder.filtered("screener", left, context);
            }
            if (!left) {
                return false;
            }
        }
        return true;
    }

    private static boolean apply(
            Filter filter, String name, PickContext context, @Nullable PickRecorder recorder) {
        if (recorder == null) {
            return context.apply(filter);
        }
        recorder.beforeFilter(context);
        boolean left = context.apply(filter);
        recorder.filtered(name, left, context);
        return left;
    }

    private static Refused modelNotServed(PickContext context) {
        // An adapter may have been loaded since the servers were last asked what they serve.
        for (int i = 0; i < context.size(); i++) {
            context.endpoint(i).modelsInDoubt(true);
        }
        String model = context.request().model();
        return new Refused(Reason.MODEL_NOT_SERVED, "The model `" + model + "` does not exist.", 0);
    }

    /** Returns whether the profile chose an endpoint: the first of the ranking. */
    private static boolean runOne(
            Profile profile,
            PickScratch scratch,
            @Nullable PickRecorder recorder,
            boolean reserve) {
        PickContext context = scratch.context();
        for (int attempt = 1; ; attempt++) {
            context.startOver();
            if (recorder != null) {
                recorder.beginStage();
            }
            if (!profile.filter(context, recorder)) {
                return false;
            }
            rank(profile, scratch, recorder);
            int best = scratch.ranking().position(0);
            if (!reserve || reserve(context, best, attempt)) {
                return true;
            }
        }
    }

    private static void rank(
            Profile profile, PickScratch scratch, @Nullable PickRecorder recorder) {
        PickContext context = scratch.context();
        Ranking ranking = scratch.ranking();
        TieRandom random = scratch.random();
        double[] totals = scratch.totals();
        profile.score(context, totals, scratch.scores(), recorder);
        ranking.clear();
        int size = context.size();
        for (int i = 0; i < size; i++) {
            double key = profile.key(totals[i], context);
            if (ranking.mayTake(key)) {
                boolean avoided = context.endpoint(i).health().isAvoided(context.nowNanos());
                ranking.offer(i, key, avoided, random.nextLong());
            } else {
                random.skipLong();
            }
        }
        if (recorder != null) {
            recorder.ranked(context, totals);
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

    private static void choose(PickScratch scratch, int profile, boolean isPrimary) {
        PickContext context = scratch.context();
        if (isPrimary) {
            scratch.fallbacks(Fallbacks.of(context.endpoints(), context, scratch.ranking()));
            tellScores(context, scratch.totals());
        }
        context.choose(profile, context.index(scratch.ranking().position(0)));
    }

    private static void tellScores(PickContext context, double[] totals) {
        ObjDoubleConsumer<Endpoint> told = context.request().scored();
        if (told == null) {
            return;
        }
        for (int i = 0; i < context.size(); i++) {
            told.accept(context.endpoint(i).endpoint(), totals[i]);
        }
    }

    private static void trace(
            Profile profile,
            PickScratch scratch,
            @Nullable PickRecorder recorder,
            boolean found,
            boolean isPrimary) {
        if (recorder == null) {
            return;
        }
        PickContext context = scratch.context();
        Ranking ranking = scratch.ranking();
        recorder.endStage(
                profile,
                found ? context.endpoint(ranking.position(0)) : null,
                found && ranking.size() > 1 ? context.endpoint(ranking.position(1)) : null,
                isPrimary);
    }

    /** Takes back what profiles that ran before have reserved. */
    private static void giveUp(Schedule schedule, PickContext context, boolean reserved) {
        for (int p = 0; reserved && p < schedule.profiles().size(); p++) {
            int index = context.choice(p);
            if (index != ProfilePlan.NONE) {
                context.endpointAt(index).inFlight().removeRequest();
            }
        }
    }
}
