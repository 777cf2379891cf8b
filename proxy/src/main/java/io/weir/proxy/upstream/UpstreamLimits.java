package io.weir.proxy.upstream;

import java.time.Duration;

/**
 * Limits on connections to servers.
 *
 * @param connectTimeout for a connection to be made, name resolution not counted
 * @param idleTimeout after which a connection that waits for a request is closed
 * @param maxConnectionsPerEndpoint most connections of one event loop to one endpoint; when all are
 *     in use the endpoint counts as unreachable
 * @param maxIdlePerEndpoint most connections of one event loop to one endpoint that are kept for
 *     later requests
 * @param responseIdleTimeout between two pieces of an answer, and for a client to take some of what
 *     it was sent; zero for no limit
 * @param maxHeaderBytes most bytes of all headers of an answer
 */
public record UpstreamLimits(
        Duration connectTimeout,
        Duration idleTimeout,
        int maxConnectionsPerEndpoint,
        int maxIdlePerEndpoint,
        Duration responseIdleTimeout,
        int maxHeaderBytes) {

    /**
     * 3 s to connect, 60 s idle, 10,000 connections of which 256 are kept, 10 minutes between
     * pieces of an answer, headers of 64 KiB.
     */
    public static final UpstreamLimits DEFAULT =
            new UpstreamLimits(
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(60),
                    10_000,
                    256,
                    Duration.ofMinutes(10),
                    64 * 1024);

    public UpstreamLimits {
        if (!connectTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "connectTimeout: " + connectTimeout + " (expected: > 0)");
        }
        if (!idleTimeout.isPositive()) {
            throw new IllegalArgumentException("idleTimeout: " + idleTimeout + " (expected: > 0)");
        }
        if (maxConnectionsPerEndpoint < 1) {
            throw new IllegalArgumentException(
                    "maxConnectionsPerEndpoint: "
                            + maxConnectionsPerEndpoint
                            + " (expected: >= 1)");
        }
        if (maxIdlePerEndpoint < 0) {
            throw new IllegalArgumentException(
                    "maxIdlePerEndpoint: " + maxIdlePerEndpoint + " (expected: >= 0)");
        }
        if (responseIdleTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "responseIdleTimeout: " + responseIdleTimeout + " (expected: >= 0)");
        }
        if (maxHeaderBytes < 256) {
            throw new IllegalArgumentException(
                    "maxHeaderBytes: " + maxHeaderBytes + " (expected: >= 256)");
        }
    }

    /** Returns these limits with another connect timeout. */
    public UpstreamLimits withConnectTimeout(Duration timeout) {
        return new UpstreamLimits(
                timeout,
                idleTimeout,
                maxConnectionsPerEndpoint,
                maxIdlePerEndpoint,
                responseIdleTimeout,
                maxHeaderBytes);
    }

    /** Returns these limits with another idle timeout of pooled connections. */
    public UpstreamLimits withIdleTimeout(Duration timeout) {
        return new UpstreamLimits(
                connectTimeout,
                timeout,
                maxConnectionsPerEndpoint,
                maxIdlePerEndpoint,
                responseIdleTimeout,
                maxHeaderBytes);
    }

    /** Returns these limits with other numbers of connections. */
    public UpstreamLimits withConnections(int most, int mostIdle) {
        return new UpstreamLimits(
                connectTimeout, idleTimeout, most, mostIdle, responseIdleTimeout, maxHeaderBytes);
    }

    /** Returns these limits with another timeout between pieces of an answer. */
    public UpstreamLimits withResponseIdleTimeout(Duration timeout) {
        return new UpstreamLimits(
                connectTimeout,
                idleTimeout,
                maxConnectionsPerEndpoint,
                maxIdlePerEndpoint,
                timeout,
                maxHeaderBytes);
    }
}
