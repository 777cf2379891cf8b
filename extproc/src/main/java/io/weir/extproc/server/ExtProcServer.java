package io.weir.extproc.server;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A gRPC server for services that never block. */
public final class ExtProcServer implements AutoCloseable {

    /** Envoy may keep connections alive with pings as often as this. */
    private static final Duration MOST_FREQUENT_PINGS = Duration.ofSeconds(5);

    private static final int WINDOW_BYTES = 1 << 20;
    private static final Duration QUIET = Duration.ofSeconds(3);
    private static final Duration LAST_WAIT = Duration.ofSeconds(1);
    private static final long LOOK_AGAIN_MILLIS = 50;

    private final Server server;
    private final OpenStreams streams;

    private ExtProcServer(Server server, OpenStreams streams) {
        this.server = server;
        this.streams = streams;
    }

    /**
     * Starts to serve.
     *
     * @throws IOException when the address can't be bound
     * @throws IllegalArgumentException when the TLS settings make no sense
     */
    public static ExtProcServer start(ServerSettings settings, List<BindableService> services)
            throws IOException {
        return start(settings, services, StreamListener.NONE);
    }

    /**
     * Starts to serve.
     *
     * @param listener is told of streams that ended
     * @throws IOException when the address can't be bound
     * @throws IllegalArgumentException when the TLS settings make no sense
     */
    public static ExtProcServer start(
            ServerSettings settings, List<BindableService> services, StreamListener listener)
            throws IOException {
        OpenStreams streams = new OpenStreams(listener);
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(settings.address())
                        .directExecutor()
                        .maxInboundMessageSize(settings.messageLimitBytes())
                        .flowControlWindow(WINDOW_BYTES)
                        .permitKeepAliveTime(MOST_FREQUENT_PINGS.toMillis(), TimeUnit.MILLISECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .addStreamTracerFactory(streams);
        ServerTls tls = settings.tls();
        if (tls != null) {
            builder.sslContext(tls.context());
        }
        services.forEach(builder::addService);
        return new ExtProcServer(builder.build().start(), streams);
    }

    /** Returns the address that is served. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getListenSockets().getFirst();
    }

    /** Returns how many streams are open. */
    public int openStreams() {
        return streams.count();
    }

    /**
     * Goes on serving until no stream is open and none has begun for a while, or until the time is
     * over; then ends. Whoever sends requests has to be told before, by the health service.
     *
     * @return whether all streams came to their end
     */
    public boolean drain(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        try {
            while (!isQuiet() && System.nanoTime() < end) {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
            boolean finished = streams.count() == 0;
            server.shutdown();
            server.awaitTermination(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            return finished;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            server.shutdownNow();
        }
    }

    private boolean isQuiet() {
        return streams.count() == 0 && streams.quietNanos() > QUIET.toNanos();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
