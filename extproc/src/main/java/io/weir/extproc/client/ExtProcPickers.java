package io.weir.extproc.client;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.weir.picker.external.ExternalPicker;
import io.weir.picker.external.ExternalPicker.Security;
import io.weir.picker.external.ExternalPickers;
import io.weir.picker.external.PickerListener;
import io.weir.picker.external.PickerStream;
import io.weir.resource.ObjectName;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Asks external pickers over ext_proc. A channel that nobody uses closes its connections. */
public final class ExtProcPickers implements ExternalPickers, AutoCloseable {

    private static final int THREADS = 1;

    private final Map<Key, PickerChannel> channels = new ConcurrentHashMap<>();
    private final Duration connectTimeout;
    private @Nullable MultiThreadIoEventLoopGroup loops;

    private record Key(ObjectName service, int port, Security security) {}

    private ExtProcPickers(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    /** Starts without any connection. A connection may take half a second to come about. */
    public static ExtProcPickers create() {
        return new ExtProcPickers(Duration.ofMillis(500));
    }

    @Override
    public PickerStream open(ExternalPicker picker, Executor loop, PickerListener listener) {
        Key key = new Key(picker.service(), picker.port(), picker.security());
        PickerChannel channel = channels.get(key);
        if (channel == null) {
            long now = System.nanoTime();
            channels.values().removeIf(unused -> unused.closeIfUnused(now));
            channel = channels.computeIfAbsent(key, _ -> channel(picker));
        }
        channel.serve(picker.endpoints());
        return channel.open(picker, loop, listener);
    }

    private PickerChannel channel(ExternalPicker picker) {
        return new PickerChannel(picker, loops(), NioSocketChannel.class, connectTimeout);
    }

    /** The threads start with the first picker that is asked. */
    private synchronized MultiThreadIoEventLoopGroup loops() {
        MultiThreadIoEventLoopGroup known = loops;
        if (known == null) {
            known =
                    new MultiThreadIoEventLoopGroup(
                            THREADS,
                            new DefaultThreadFactory("weir-extproc", true),
                            NioIoHandler.newFactory());
            loops = known;
        }
        return known;
    }

    /** Breaks off all streams and closes all connections. */
    @Override
    public synchronized void close() {
        channels.values().forEach(PickerChannel::close);
        channels.clear();
        MultiThreadIoEventLoopGroup started = loops;
        if (started != null) {
            started.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
