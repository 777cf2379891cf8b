package io.weir.picker.pool;

import io.weir.picker.PickRequest;
import io.weir.picker.latency.LatencyPredictor;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Producer;
import io.weir.picker.plugin.ProfilePlan;
import io.weir.picker.plugin.Schedule;
import io.weir.picker.state.EndpointState;

/** From what the profiles chose to a reservation. */
final class Settlement {

    private Settlement() {}

    static PoolReservation of(
            PickRequest request, PoolView view, PickScratch scratch, Books books) {
        PickContext context = scratch.context();
        Schedule schedule = view.schedule();
        int primary = schedule.plan().primary(context);
        int index = context.choice(primary);
        EndpointState chosen = context.endpointAt(index);
        Companions companions =
                isPlain(schedule) ? null : Companions.of(schedule, context, primary);
        boolean readElsewhere = companions != null && companions.takePrefill();
        PoolReservation reservation =
                new PoolReservation(
                        chosen,
                        readElsewhere ? 0 : context.prefixes().uncachedTokens(index),
                        Math.max(0, request.promptTokens()),
                        outputTokens(schedule.load(), request, books.decodeEstimate()),
                        companions,
                        schedule,
                        scratch.takeFallbacks(),
                        request.priority(),
                        books,
                        request.fairnessId(),
                        context.prefixes().promptEnd(),
                        companions == null
                                ? sample(schedule, context, index, books.predictor())
                                : LatencySample.NONE);
        if (companions != null) {
            companions.announce(schedule, context);
            for (SideWork other : companions.others()) {
                if (other.takesPrefill()) {
                    remember(request, context, other.index());
                }
            }
        }
        remember(request, context, index);
        return reservation;
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isPlain(Schedule schedule) {
        return schedule.plan() == ProfilePlan.SINGLE && schedule.observers().isEmpty();
    }

    private static LatencySample sample(
            Schedule schedule, PickContext context, int index, LatencyPredictor predictor) {
        return schedule.predictsLatency()
                ? LatencySample.of(context, index, predictor)
                : LatencySample.NONE;
    }

    private static long outputTokens(
            Producer.Load load, PickRequest request, DecodeEstimate decodeEstimate) {
        return load.countsOutput()
                ? load.outputTokens(Math.max(0, request.promptTokens()), request.maxTokens())
                : decodeEstimate.expected(request.maxTokens());
    }

    private static void remember(PickRequest request, PickContext context, int index) {
        EndpointState state = context.endpointAt(index);
        context.prefixes().record(index);
        String model = request.model();
        if (model != null && state.isAdapter(model)) {
            state.recentAdapters().add(model, context.nowNanos());
        }
    }
}
