package io.weir.picker.pool;

import io.weir.picker.PickRequest;
import io.weir.picker.PickResult.Decided;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.RequestDetails;
import io.weir.picker.Ticket;
import io.weir.picker.flow.FlowControl;
import io.weir.picker.flow.Outcome;
import io.weir.picker.flow.Waiting;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Function;

/** A request in line, and what its owner holds of it. */
final class QueueTicket extends Waiting implements Ticket {

    private static final String SLO_TTFT = "x-llm-d-slo-ttft-ms";
    private static final String SLO_TTFT_ALIAS = "x-slo-ttft-ms";

    private final PickRequest request;
    private final FlowControl control;
    private final Function<PickRequest, Decided> place;

    QueueTicket(
            PickRequest request,
            FlowControl control,
            Function<PickRequest, Decided> place,
            long nowNanos) {
        super(
                request.priority(),
                request.fairnessId(),
                bytes(request),
                Math.max(0, request.promptTokens()),
                deadlineNanos(request.details(), nowNanos));
        this.request = request;
        this.control = control;
        this.place = place;
    }

    @Override
    public String model() {
        String model = request.model();
        return model == null ? "" : model;
    }

    @Override
    public Decided take() {
        if (!control.claim(this)) {
            return refused(refusal());
        }
        try {
            return place.apply(request);
        } finally {
            control.placed(this);
        }
    }

    @Override
    public void cancel() {
        control.cancel(this);
    }

    private Refused refused(@Nullable Outcome outcome) {
        return switch (outcome) {
            case REJECTED_CAPACITY ->
                    new Refused(
                            Reason.QUEUE_FULL,
                            "request rejected by flow control: too many are waiting",
                            control.retryAfterSeconds());
            case REJECTED_NO_ENDPOINTS ->
                    new Refused(Reason.NO_ENDPOINTS, "no endpoints available", 1);
            case EVICTED_TTL ->
                    new Refused(
                            Reason.EXPIRED,
                            "request timed out in queue",
                            control.retryAfterSeconds());
            case EVICTED_NO_ENDPOINTS ->
                    new Refused(
                            Reason.NO_ENDPOINTS,
                            "request timed out in queue and no endpoints are available",
                            1);
            case REJECTED_SHUTTING_DOWN, EVICTED_SHUTTING_DOWN ->
                    new Refused(Reason.SHUTTING_DOWN, "the pool is shutting down", 1);
            case EVICTED_CANCELLED -> cancelled();
            case DISPATCHED -> throw new IllegalStateException("taken twice");
            case null -> cancelled();
        };
    }

    private static Refused cancelled() {
        return new Refused(Reason.CANCELLED, "client disconnected", 0);
    }

    private static long bytes(PickRequest request) {
        long bytes = request.details().bodyBytes();
        if (bytes > 0) {
            return bytes;
        }
        for (ByteBuffer part : request.prompt()) {
            bytes += part.remaining();
        }
        return bytes;
    }

    private static long deadlineNanos(RequestDetails details, long nowNanos) {
        String slo = details.headers().get(SLO_TTFT);
        slo = slo == null ? details.headers().get(SLO_TTFT_ALIAS) : slo;
        if (slo == null) {
            return Long.MAX_VALUE;
        }
        try {
            double millis = Double.parseDouble(slo);
            double most = Duration.ofDays(1).toMillis();
            if (!(millis > 0 && millis <= most)) {
                return Long.MAX_VALUE;
            }
            long received = details.receivedNanos() == 0 ? nowNanos : details.receivedNanos();
            return received + Math.round(millis * Duration.ofMillis(1).toNanos());
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
