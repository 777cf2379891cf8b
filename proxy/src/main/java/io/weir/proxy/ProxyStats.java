package io.weir.proxy;

/**
 * What the data plane is doing now.
 *
 * @param openConnections connections of clients
 * @param openExchanges requests that are not finished
 * @param openStreams of those, the ones whose answer is an event stream
 * @param upstreamConnections connections to servers, idle ones included
 * @param idleUpstreamConnections of those, the ones that wait for a request
 * @param heldBodyBytes bytes of request bodies that are held
 */
public record ProxyStats(
        int openConnections,
        int openExchanges,
        int openStreams,
        int upstreamConnections,
        int idleUpstreamConnections,
        long heldBodyBytes) {}
