package io.weir.proxy;

import io.weir.proxy.exchange.RetryLimits;
import io.weir.proxy.loop.Transport;
import io.weir.proxy.server.ClientLimits;
import io.weir.proxy.upstream.UpstreamLimits;

/**
 * How the data plane is set up; what a snapshot says (ports, body limits, request timeouts) is not
 * here.
 *
 * @param ioThreads event loops; 0 for one per available processor
 * @param transport how to do socket I/O
 * @param client limits on clients
 * @param upstream limits on upstream connections
 * @param retry limits on retries
 */
public record ProxySettings(
        int ioThreads,
        Transport transport,
        ClientLimits client,
        UpstreamLimits upstream,
        RetryLimits retry) {

    /** All defaults. */
    public static final ProxySettings DEFAULT =
            new ProxySettings(
                    0,
                    Transport.AUTO,
                    ClientLimits.DEFAULT,
                    UpstreamLimits.DEFAULT,
                    RetryLimits.DEFAULT);

    public ProxySettings {
        if (ioThreads < 0 || ioThreads > 1024) {
            throw new IllegalArgumentException("ioThreads: " + ioThreads + " (expected: 0..1024)");
        }
    }

    /** Returns these settings with another number of event loops. */
    public ProxySettings withIoThreads(int threads) {
        return new ProxySettings(threads, transport, client, upstream, retry);
    }

    /** Returns these settings with another transport. */
    public ProxySettings withTransport(Transport other) {
        return new ProxySettings(ioThreads, other, client, upstream, retry);
    }

    /** Returns these settings with other limits on clients. */
    public ProxySettings withClient(ClientLimits other) {
        return new ProxySettings(ioThreads, transport, other, upstream, retry);
    }

    /** Returns these settings with other limits on upstream connections. */
    public ProxySettings withUpstream(UpstreamLimits other) {
        return new ProxySettings(ioThreads, transport, client, other, retry);
    }

    /** Returns these settings with other limits on retries. */
    public ProxySettings withRetry(RetryLimits other) {
        return new ProxySettings(ioThreads, transport, client, upstream, other);
    }
}
