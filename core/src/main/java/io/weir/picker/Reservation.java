package io.weir.picker;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Consumer;

/**
 * Endpoints for one request, and the work counted against the one in use.
 *
 * <p>Used by one thread at a time. Every reservation ends with exactly one {@link #release}; a
 * second call has no effect.
 */
public interface Reservation {

    /** Returns the endpoint in use. */
    Endpoint current();

    /**
     * Moves the reservation to the next endpoint of the ordered list, after the current one failed
     * before the first byte of an answer.
     *
     * @return the next endpoint, or null when the list is exhausted
     */
    @Nullable Endpoint next();

    /**
     * Returns the endpoint in use and the best of those that {@link #next} would return, in order,
     * without moving.
     *
     * @param most most endpoints to return, at least 1
     */
    default List<Endpoint> ordered(int most) {
        return List.of(current());
    }

    /**
     * Returns headers that the request to the endpoint in use is to carry, in place of those of the
     * same names. Asked for anew after each {@link #next}, which does not change the names.
     */
    default List<HeaderField> requestHeaders() {
        return List.of();
    }

    /**
     * Returns headers that the answer of the endpoint in use is to carry, in place of those of the
     * same names.
     */
    default List<HeaderField> responseHeaders() {
        return List.of();
    }

    /** Returns whether predictions are learned from when the answer begins and ends. */
    default boolean isMeasured() {
        return false;
    }

    /**
     * Says who is told, once, that the request is to be broken off for a more important one: on any
     * thread, and at once when it was decided before. Called at most once; what is told must not
     * block, and sees to it that the reservation is released soon. Nobody is told after that.
     */
    default void whenEvicted(Consumer<PickResult.Refused> told) {}

    /** Says that the first byte of the answer came: prefill is done. */
    void firstByte();

    /**
     * Ends the reservation.
     *
     * @param end how it ended
     * @param completionTokens tokens of the answer; -1 when unknown
     */
    void release(End end, long completionTokens);

    /** How a request ended, seen from the picker. */
    enum End {
        /** The server answered. */
        COMPLETED,
        /** The server failed or could not be reached. */
        FAILED,
        /** The client went away, or the request was broken off for a more important one. */
        CANCELLED
    }
}
