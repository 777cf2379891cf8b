package io.weir.picker;

/** What came of a pick. */
public sealed interface PickResult {

    /** Nothing is to wait for. */
    sealed interface Decided extends PickResult {}

    /**
     * The request waits for its turn.
     *
     * @param ticket tells when the wait is over
     */
    record Queued(Ticket ticket) implements PickResult {}

    /**
     * Endpoints were found.
     *
     * @param reservation the endpoints in order of preference, the first one reserved
     */
    record Picked(Reservation reservation) implements Decided {}

    /**
     * No endpoint can be had.
     *
     * @param reason why
     * @param message for the client
     * @param retryAfterSeconds when to try again; 0 when there is no telling
     */
    record Refused(Reason reason, String message, int retryAfterSeconds) implements Decided {}

    /** Why a request was refused. */
    enum Reason {
        /** The pool has no ready endpoint: 503. */
        NO_ENDPOINTS(503, "rejected-no-endpoints"),
        /** The request names something that there isn't: 400. */
        BAD_REQUEST(400, ""),
        /** No endpoint has what the request makes a condition: 412. */
        NOT_AVAILABLE(412, ""),
        /** No endpoint serves the model: 404. */
        MODEL_NOT_SERVED(404, ""),
        /** The pool is saturated and the request may be dropped: 429. */
        SHED(429, "rejected-saturated"),
        /** The queue is full: 429. */
        QUEUE_FULL(429, "rejected-saturated"),
        /** The request waited too long in the queue: 429. */
        EXPIRED(429, "rejected-ttl-expired"),
        /** Whoever asked is gone: 503. */
        CANCELLED(503, "rejected-context-cancelled"),
        /** The gateway ends: 503. */
        SHUTTING_DOWN(503, "rejected-shutting-down"),
        /** The request was broken off for a more important one: 429. */
        EVICTED(429, "evicted");

        private final int status;
        private final String dropReason;

        Reason(int status, String dropReason) {
            this.status = status;
            this.dropReason = dropReason;
        }

        /** Returns the HTTP status. */
        public int status() {
            return status;
        }

        /** Returns the header {@code x-llm-d-request-dropped-reason}; empty when it has none. */
        public String dropReason() {
            return dropReason;
        }
    }
}
