package io.weir.extproc.client;

import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.weir.picker.Endpoint;
import io.weir.picker.external.ExternalPicker;
import io.weir.picker.external.ExternalPicker.Security;
import io.weir.picker.external.PickerListener;
import io.weir.picker.external.PickerStream;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The connections to one picker. Thread-safe. */
final class PickerChannel {

    private static final int MAX_MESSAGE_BYTES = 64 << 20;
    private static final int IDLE_MINUTES = 5;
    private static final long UP = 0;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(800);
    private static final long UNUSED_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final EndpointResolver resolver;
    private final @Nullable ManagedChannel channel;
    private final String trouble;
    private volatile long lastUsed = System.nanoTime();
    private final AtomicLong lastReset = new AtomicLong(System.nanoTime());
    private volatile long downSince = UP;
    private volatile Candidates candidates = Candidates.NONE;

    /** The metadata that names a list of endpoints: the same for all requests until it changes. */
    private record Candidates(List<Endpoint> endpoints, Metadata metadata) {
        static final Candidates NONE = new Candidates(List.of(), Messages.subset(List.of()));
    }

    PickerChannel(
            ExternalPicker picker,
            EventLoopGroup loops,
            Class<? extends Channel> socket,
            Duration connectTimeout) {
        resolver = new EndpointResolver(authority(picker), picker.endpoints());
        ManagedChannel made = null;
        String wrong = "";
        try {
            made = channel(picker, loops, socket, connectTimeout);
        } catch (CredentialsException e) {
            wrong = String.valueOf(e.getMessage());
        }
        channel = made;
        trouble = wrong;
    }

    private static String authority(ExternalPicker picker) {
        return picker.security() instanceof Security.Verified(_, String hostname)
                ? hostname
                : picker.service().name() + "." + picker.service().namespace() + ".svc";
    }

    @SuppressWarnings("deprecation") // The other way is a registry for the whole process.
    private ManagedChannel channel(
            ExternalPicker picker,
            EventLoopGroup loops,
            Class<? extends Channel> socket,
            Duration connectTimeout)
            throws CredentialsException {
        ChannelCredentials credentials = Credentials.of(picker.security());
        return NettyChannelBuilder.forTarget(EndpointResolver.SCHEME + ":///picker", credentials)
                .nameResolverFactory(resolver)
                .overrideAuthority(authority(picker))
                .defaultLoadBalancingPolicy("round_robin")
                .eventLoopGroup(loops)
                .channelType(socket)
                .withOption(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(connectTimeout.toMillis()))
                .directExecutor()
                .disableRetry()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .idleTimeout(IDLE_MINUTES, TimeUnit.MINUTES)
                .build();
    }

    /** Connects to these endpoints from now on. */
    void serve(List<Endpoint> endpoints) {
        resolver.resolve(endpoints);
    }

    PickerStream open(ExternalPicker picker, Executor loop, PickerListener listener) {
        if (channel == null) {
            return ExtProcStream.broken(loop, listener, trouble);
        }
        lastUsed = System.nanoTime();
        if (isDown(channel, lastUsed)) {
            reconnectSoon(channel);
            return ExtProcStream.broken(loop, listener, "no connection for some time");
        }
        ClientCall<ProcessingRequest, ProcessingResponse> call =
                channel.newCall(
                        ExternalProcessorGrpc.getProcessMethod(),
                        CallOptions.DEFAULT.withExecutor(loop));
        return ExtProcStream.start(call, this::subset, picker.responses(), listener);
    }

    /** Only the first requests wait for a connection; once one is overdue, none waits. */
    private boolean isDown(ManagedChannel used, long now) {
        return switch (used.getState(false)) {
            case READY, SHUTDOWN -> {
                downSince = UP;
                yield false;
            }
            case IDLE -> {
                downSince = now;
                yield false;
            }
            case CONNECTING, TRANSIENT_FAILURE -> {
                long since = downSince;
                if (since == UP) {
                    downSince = now;
                }
                yield since != UP && now - since > PATIENCE_NANOS;
            }
        };
    }

    /** Else a picker that was away for long would not be tried for up to two minutes. */
    private void reconnectSoon(ManagedChannel broken) {
        if (broken.getState(false) != ConnectivityState.TRANSIENT_FAILURE) {
            return;
        }
        long now = System.nanoTime();
        long last = lastReset.get();
        if (now - last > RETRY_NANOS && lastReset.compareAndSet(last, now)) {
            broken.resetConnectBackoff();
        }
    }

    private Metadata subset(List<Endpoint> endpoints) {
        Candidates known = candidates;
        if (!known.endpoints().equals(endpoints)) {
            known = new Candidates(endpoints, Messages.subset(endpoints));
            candidates = known;
        }
        return known.metadata();
    }

    /** Closes when nobody has asked for an hour, say because the pool or its CA is another. */
    boolean closeIfUnused(long now) {
        boolean unused = now - lastUsed > UNUSED_NANOS;
        if (unused && channel != null) {
            channel.shutdown();
        }
        return unused;
    }

    void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
    }
}
