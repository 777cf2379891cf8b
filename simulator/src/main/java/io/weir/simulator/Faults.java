package io.weir.simulator;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What goes wrong on purpose. Faults strike inference requests; health and metrics stay true,
 * except for {@code hideMetrics}.
 *
 * @param failurePercent share of requests that fail with one of {@code failureTypes}, 0..100
 * @param failureTypes kinds of failures to choose from; empty for all
 * @param strikePercent share of requests struck by reset, status, stall and cut, 0..100
 * @param reset whether connections are reset before any byte of an answer
 * @param status status that answers at once; 0 for none
 * @param stall wait before the first byte
 * @param cutAfterChunks a stream is cut after so many tokens; -1 for never
 * @param slowFactor how many times as long the engine takes
 * @param hideMetrics whether {@code /metrics} answers 503
 */
public record Faults(
        int failurePercent,
        List<Failure> failureTypes,
        int strikePercent,
        boolean reset,
        int status,
        Duration stall,
        int cutAfterChunks,
        double slowFactor,
        boolean hideMetrics) {

    /** Nothing goes wrong. */
    public static final Faults NONE =
            new Faults(0, List.of(), 100, false, 0, Duration.ZERO, -1, 1, false);

    /** Errors to answer with; names are those of llm-d-inference-sim. */
    public enum Failure {
        RATE_LIMIT(429),
        INVALID_API_KEY(401),
        CONTEXT_LENGTH(400),
        SERVER_ERROR(503),
        INVALID_REQUEST(400),
        MODEL_NOT_FOUND(404);

        private final int status;

        Failure(int status) {
            this.status = status;
        }

        /** Returns the HTTP status. */
        public int status() {
            return status;
        }

        /** Returns the name on the command line, for instance {@code rate_limit}. */
        public String option() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns the failure with a name on the command line. */
        public static Optional<Failure> find(String option) {
            return Arrays.stream(values()).filter(f -> f.option().equals(option)).findFirst();
        }
    }

    public Faults {
        failureTypes = List.copyOf(failureTypes);
        require(isPercent(failurePercent), "failure-injection-rate", failurePercent, "0..100");
        require(isPercent(strikePercent), "strike-rate", strikePercent, "0..100");
        require(status == 0 || (status >= 400 && status <= 599), "status", status, "400..599");
        require(!stall.isNegative(), "stall", stall, "not negative");
        require(cutAfterChunks >= -1, "cut-after-chunks", cutAfterChunks, ">= -1");
        require(slowFactor >= 0 && slowFactor <= 1e6, "slow-factor", slowFactor, "0..1000000");
    }

    /** Returns the same, but with another share of failing requests. */
    public Faults withFailurePercent(int value) {
        return new Faults(
                value,
                failureTypes,
                strikePercent,
                reset,
                status,
                stall,
                cutAfterChunks,
                slowFactor,
                hideMetrics);
    }

    /** Returns the same, but with other kinds of failures. */
    public Faults withFailureTypes(List<Failure> value) {
        return new Faults(
                failurePercent,
                value,
                strikePercent,
                reset,
                status,
                stall,
                cutAfterChunks,
                slowFactor,
                hideMetrics);
    }

    /** Returns the same, but with another share of requests struck. */
    public Faults withStrikePercent(int value) {
        return new Faults(
                failurePercent,
                failureTypes,
                value,
                reset,
                status,
                stall,
                cutAfterChunks,
                slowFactor,
                hideMetrics);
    }

    /** Returns the same, but with connections reset or not. */
    public Faults withReset(boolean value) {
        return new Faults(
                failurePercent,
                failureTypes,
                strikePercent,
                value,
                status,
                stall,
                cutAfterChunks,
                slowFactor,
                hideMetrics);
    }

    /** Returns the same, but answering with a status; 0 for none. */
    public Faults withStatus(int value) {
        return new Faults(
                failurePercent,
                failureTypes,
                strikePercent,
                reset,
                value,
                stall,
                cutAfterChunks,
                slowFactor,
                hideMetrics);
    }

    /** Returns the same, but with another wait before the first byte. */
    public Faults withStall(Duration value) {
        return new Faults(
                failurePercent,
                failureTypes,
                strikePercent,
                reset,
                status,
                value,
                cutAfterChunks,
                slowFactor,
                hideMetrics);
    }

    /** Returns the same, but with streams cut after so many chunks; -1 for never. */
    public Faults withCutAfterChunks(int value) {
        return new Faults(
                failurePercent,
                failureTypes,
                strikePercent,
                reset,
                status,
                stall,
                value,
                slowFactor,
                hideMetrics);
    }

    /** Returns the same, but with another slowness of the engine. */
    public Faults withSlowFactor(double value) {
        return new Faults(
                failurePercent,
                failureTypes,
                strikePercent,
                reset,
                status,
                stall,
                cutAfterChunks,
                value,
                hideMetrics);
    }

    /** Returns the same, but with metrics hidden or not. */
    public Faults withHideMetrics(boolean value) {
        return new Faults(
                failurePercent,
                failureTypes,
                strikePercent,
                reset,
                status,
                stall,
                cutAfterChunks,
                slowFactor,
                value);
    }

    private static boolean isPercent(int value) {
        return value >= 0 && value <= 100;
    }

    private static void require(boolean valid, String name, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
