package io.weir.extproc.picker;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.picker.Reservation;
import io.weir.picker.Ticket;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a stream holds at the pool, and has to give back once.
 *
 * <pre>
 *   NOTHING ──no room──▶ PLACE ──turn──▶ HELD ──the answer's or the stream's end──▶ NOTHING
 *      │                   └──the stream's end──▶ NOTHING    ▲
 *      └──picked─────────────────────────────────────────────┘ (HELD)
 * </pre>
 */
sealed interface Claim {

    /** Nothing yet, or nothing any more. */
    record Nothing() implements Claim {}

    /**
     * A place in the queue.
     *
     * @param question what was asked
     * @param model the model that was settled
     * @param owed replies to what comes in the meantime
     */
    record Place(
            Ticket ticket, Question question, @Nullable String model, List<ProcessingResponse> owed)
            implements Claim {}

    /** An endpoint. */
    record Held(Reservation reservation) implements Claim {}

    /** Nothing. */
    Claim NOTHING = new Nothing();
}
