package io.weir.proxy.server;

import java.time.Duration;

/**
 * What clients may do.
 *
 * @param maxInitialLineBytes longest request line; more is answered with 414
 * @param maxHeaderBytes most bytes of all headers together; more is answered with 431
 * @param headerTimeout from the first byte of a head to its last; more is answered with 408
 * @param bodyTimeout between two pieces of a body; more is answered with 408
 * @param idleTimeout between requests; the connection is closed without an answer
 * @param lingerTimeout for a client to take an answer that came before its request was complete
 * @param drainGrace for requests that are on their way when a port is given up; idle connections
 *     are closed after it
 * @param acceptBacklog connections that wait to be accepted
 */
public record ClientLimits(
        int maxInitialLineBytes,
        int maxHeaderBytes,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        Duration lingerTimeout,
        Duration drainGrace,
        int acceptBacklog) {

    /**
     * Request lines of 16 KiB, headers of 64 KiB, 10 s for a head, 30 s between pieces of a body,
     * 75 s between requests, 2 s to take an early answer, 250 ms for requests that are on their way
     * when a port is given up, a backlog of 4096.
     */
    public static final ClientLimits DEFAULT =
            new ClientLimits(
                    16 * 1024,
                    64 * 1024,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(250),
                    4096);

    public ClientLimits {
        checkRange("maxInitialLineBytes", maxInitialLineBytes, 256, 1 << 20);
        checkRange("maxHeaderBytes", maxHeaderBytes, 256, 1 << 24);
        checkRange("acceptBacklog", acceptBacklog, 1, 1 << 16);
        checkPositive("headerTimeout", headerTimeout);
        checkPositive("bodyTimeout", bodyTimeout);
        checkPositive("idleTimeout", idleTimeout);
        checkPositive("lingerTimeout", lingerTimeout);
        checkPositive("drainGrace", drainGrace);
    }

    /** Returns these limits with other sizes. */
    public ClientLimits withSizes(int initialLineBytes, int headerBytes) {
        return new ClientLimits(
                initialLineBytes,
                headerBytes,
                headerTimeout,
                bodyTimeout,
                idleTimeout,
                lingerTimeout,
                drainGrace,
                acceptBacklog);
    }

    /** Returns these limits with other timeouts. */
    public ClientLimits withTimeouts(Duration header, Duration body, Duration idle) {
        return new ClientLimits(
                maxInitialLineBytes,
                maxHeaderBytes,
                header,
                body,
                idle,
                lingerTimeout,
                drainGrace,
                acceptBacklog);
    }

    private static void checkRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }

    private static void checkPositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}
