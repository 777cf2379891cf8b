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
 * @param heldBodyBytes most bytes of request bodies that all requests together may hold; beyond it
 *     requests are answered with 503, or 413 when one body alone is larger. 0 for half of the
 *     direct memory that the Java virtual machine allows ({@code -XX:MaxDirectMemorySize}, by
 *     default as much as the heap): the buffers that hold a body may be twice its size
 */
public record ProxySettings(
        int ioThreads,
        Transport transport,
        ClientLimits client,
        UpstreamLimits upstream,
        RetryLimits retry,
        long heldBodyBytes) {

    /** All defaults. */
    public static final ProxySettings DEFAULT =
            new ProxySettings(
                    0,
                    Transport.AUTO,
                    ClientLimits.DEFAULT,
                    UpstreamLimits.DEFAULT,
                    RetryLimits.DEFAULT,
                    0);

    public ProxySettings {
        if (ioThreads < 0 || ioThreads > 1024) {
            throw new IllegalArgumentException("ioThreads: " + ioThreads + " (expected: 0..1024)");
        }
        if (heldBodyBytes < 0) {
            throw new IllegalArgumentException(
                    "heldBodyBytes: " + heldBodyBytes + " (expected: >= 0)");
        }
    }

    /** Returns these settings with another number of event loops. */
    public ProxySettings withIoThreads(int threads) {
        return new ProxySettings(threads, transport, client, upstream, retry, heldBodyBytes);
    }

    /** Returns these settings with another transport. */
    public ProxySettings withTransport(Transport other) {
        return new ProxySettings(ioThreads, other, client, upstream, retry, heldBodyBytes);
    }

    /** Returns these settings with other limits on clients. */
    public ProxySettings withClient(ClientLimits other) {
        return new ProxySettings(ioThreads, transport, other, upstream, retry, heldBodyBytes);
    }

    /** Returns these settings with other limits on upstream connections. */
    public ProxySettings withUpstream(UpstreamLimits other) {
        return new ProxySettings(ioThreads, transport, client, other, retry, heldBodyBytes);
    }

    /** Returns these settings with other limits on retries. */
    public ProxySettings withRetry(RetryLimits other) {
        return new ProxySettings(ioThreads, transport, client, upstream, other, heldBodyBytes);
    }

    /** Returns these settings with another limit on the bodies that are held. */
    public ProxySettings withHeldBodyBytes(long bytes) {
        return new ProxySettings(ioThreads, transport, client, upstream, retry, bytes);
    }
}
