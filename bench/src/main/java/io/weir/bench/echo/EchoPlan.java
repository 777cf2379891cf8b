package io.weir.bench.echo;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What to send to an echo, in open loop over one connection.
 *
 * @param target the echo
 * @param messagesPerSecond how many messages begin in a second, at even distances
 * @param messageBytes length of a message; at least the eight that hold when it left
 * @param warmup time before measuring
 * @param duration time to measure
 */
public record EchoPlan(
        InetSocketAddress target,
        double messagesPerSecond,
        int messageBytes,
        Duration warmup,
        Duration duration) {

    public EchoPlan {
        if (!(messagesPerSecond > 0)) {
            throw new IllegalArgumentException(
                    "messagesPerSecond: " + messagesPerSecond + " (expected: > 0)");
        }
        if (messageBytes < Long.BYTES) {
            throw new IllegalArgumentException(
                    "messageBytes: " + messageBytes + " (expected: >= " + Long.BYTES + ")");
        }
    }

    /** Returns when a message is due, from the start. */
    long dueNanos(long message) {
        return (long) (message * 1e9 / messagesPerSecond);
    }
}
