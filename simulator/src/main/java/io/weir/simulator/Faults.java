package io.weir.simulator;

import java.time.Duration;
import java.util.List;

/**
 * What goes wrong on purpose.
 *
 * @param failurePercent share of requests that fail, 0..100
 * @param failureTypes kinds of failures to choose from; empty for all
 * @param reset whether connections are closed before any byte of an answer
 * @param status status that answers every request; 0 for none
 * @param stall wait before the first byte
 * @param cutAfterChunks a stream is cut after so many chunks; 0 for never
 * @param slowFactor how many times as long a step of the engine takes
 */
public record Faults(
        int failurePercent,
        List<Failure> failureTypes,
        boolean reset,
        int status,
        Duration stall,
        int cutAfterChunks,
        double slowFactor) {

    /** Nothing goes wrong. */
    public static final Faults NONE = new Faults(0, List.of(), false, 0, Duration.ZERO, 0, 1);

    public Faults {
        failureTypes = List.copyOf(failureTypes);
        if (failurePercent < 0 || failurePercent > 100) {
            throw new IllegalArgumentException(
                    "failure-injection-rate: " + failurePercent + " (expected: 0..100)");
        }
        if (status != 0 && (status < 200 || status > 599)) {
            throw new IllegalArgumentException("status: " + status + " (expected: 200..599)");
        }
        if (!(slowFactor > 0)) {
            throw new IllegalArgumentException("slow-factor: " + slowFactor + " (expected: > 0)");
        }
    }

    /** A kind of failure that a model server answers with. */
    public enum Failure {
        RATE_LIMIT(429, "Rate limit reached"),
        INVALID_API_KEY(401, "Incorrect API key provided"),
        CONTEXT_LENGTH(400, "The request exceeds the model's context length"),
        SERVER_ERROR(503, "The server is overloaded or not ready yet"),
        INVALID_REQUEST(400, "The request is not valid"),
        MODEL_NOT_FOUND(404, "The model does not exist");

        private final int status;
        private final String message;

        Failure(int status, String message) {
            this.status = status;
            this.message = message;
        }

        int status() {
            return status;
        }

        String message() {
            return message;
        }
    }

    /** Closes every connection before any byte of an answer. */
    public Faults withReset(boolean newReset) {
        return new Faults(
                failurePercent, failureTypes, newReset, status, stall, cutAfterChunks, slowFactor);
    }

    /** Answers every request with a status; 0 answers normally. */
    public Faults withStatus(int newStatus) {
        return new Faults(
                failurePercent, failureTypes, reset, newStatus, stall, cutAfterChunks, slowFactor);
    }

    /** Waits before the first byte of every answer. */
    public Faults withStall(Duration newStall) {
        return new Faults(
                failurePercent, failureTypes, reset, status, newStall, cutAfterChunks, slowFactor);
    }

    /** Cuts streams after so many chunks; 0 never. */
    public Faults withCutAfterChunks(int chunks) {
        return new Faults(failurePercent, failureTypes, reset, status, stall, chunks, slowFactor);
    }

    /** Makes steps take {@code factor} times as long. */
    public Faults withSlowFactor(double factor) {
        return new Faults(
                failurePercent, failureTypes, reset, status, stall, cutAfterChunks, factor);
    }
}
