package io.weir.picker;

/** What came of a pick. */
public sealed interface PickResult {

    /**
     * Endpoints were found.
     *
     * @param reservation the endpoints in order of preference, the first one reserved
     */
    record Picked(Reservation reservation) implements PickResult {}

    /**
     * No endpoint can be had.
     *
     * @param reason why
     * @param message for the client
     * @param retryAfterSeconds when to try again; 0 when there is no telling
     */
    record Refused(Reason reason, String message, int retryAfterSeconds) implements PickResult {}

    /** Why a request was refused. */
    enum Reason {
        /** The pool has no ready endpoint: 503. */
        NO_ENDPOINTS(503),
        /** The request names something that there isn't: 400. */
        BAD_REQUEST(400),
        /** No endpoint has what the request makes a condition: 412. */
        NOT_AVAILABLE(412),
        /** No endpoint serves the model: 404. */
        MODEL_NOT_SERVED(404),
        /** The pool is saturated and the request may be dropped: 429. */
        SHED(429),
        /** The queue is full: 429. */
        QUEUE_FULL(429),
        /** The request waited too long in the queue: 503. */
        EXPIRED(503);

        private final int status;

        Reason(int status) {
            this.status = status;
        }

        /** Returns the HTTP status. */
        public int status() {
            return status;
        }
    }
}
