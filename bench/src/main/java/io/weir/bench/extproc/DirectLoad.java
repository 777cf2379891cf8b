package io.weir.bench.extproc;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.WeightedFairQueueByteDistributor;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weir.bench.load.LoadPlan;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

/** Sends requests to a picker as a {@link DirectPlan} says. Everything runs on one event loop. */
public final class DirectLoad {

    private static final int WINDOW_BYTES = 1 << 20;
    private static final int FRAME_BYTES = 16 << 10;
    private static final long TICK_MICROS = 100;

    private final DirectPlan plan;
    private final EventLoop loop;
    private final Runnable onMeasure;
    private final EnvoyMessages messages;
    private final DirectReport report = new DirectReport();
    private final CompletableFuture<DirectReport> done = new CompletableFuture<>();
    private final List<DirectConnection> connections = new ArrayList<>();
    private final List<DirectExchange> answering = new ArrayList<>();
    private long startNanos;
    private long measureNanos;
    private long opened;
    private int open;
    private boolean measuring;
    private boolean stopped;

    private DirectLoad(DirectPlan plan, EventLoop loop, Runnable onMeasure) {
        this.plan = plan;
        this.loop = loop;
        this.onMeasure = onMeasure;
        this.messages = messages(plan);
    }

    private static EnvoyMessages messages(DirectPlan plan) {
        boolean streams = plan.chunks() > 1;
        byte[] body = LoadPlan.chatBody(plan.model(), plan.promptBytes(), plan.chunks(), streams);
        return EnvoyMessages.of(
                plan.model(), streams ? LoadPlan.withUsage(body) : body, plan.chunks());
    }

    /**
     * Runs the plan and returns what was measured.
     *
     * @param onMeasure called when the warm-up is over
     */
    public static DirectReport run(DirectPlan plan, Runnable onMeasure) {
        boolean epoll = Epoll.isAvailable();
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        DirectLoad load = new DirectLoad(plan, group.next(), onMeasure);
        try {
            load.connect(
                    new Bootstrap()
                            .group(group)
                            .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                            .option(ChannelOption.TCP_NODELAY, true));
            return load.done.join();
        } finally {
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private void connect(Bootstrap bootstrap) {
        SslContext tls = tls();
        bootstrap.handler(
                new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(codec(), new DirectConnection(DirectLoad.this));
                    }
                });
        for (int i = 0; i < plan.connections(); i++) {
            bootstrap
                    .connect(plan.target())
                    .addListener(future -> {
                        if (!future.isSuccess()) {
                            done.completeExceptionally(future.cause());
                        }
                    });
        }
    }

    private @Nullable SslContext tls() {
        if (!plan.tls()) {
            return null;
        }
        try {
            return SslContextBuilder.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null)
                    .applicationProtocolConfig(
                            new ApplicationProtocolConfig(
                                    Protocol.ALPN,
                                    SelectorFailureBehavior.NO_ADVERTISE,
                                    SelectedListenerFailureBehavior.ACCEPT,
                                    "h2"))
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("no TLS", e);
        }
    }

    /** Streams take turns by whole frames, as in Envoy, rather than by a kilobyte each. */
    private static Http2FrameCodec codec() {
        Http2FrameCodec codec =
                Http2FrameCodecBuilder.forClient()
                        .initialSettings(
                                Http2Settings.defaultSettings().initialWindowSize(WINDOW_BYTES))
                        .build();
        Http2Connection connection = codec.connection();
        var turns = new WeightedFairQueueByteDistributor(connection);
        turns.allocationQuantum(FRAME_BYTES);
        connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, turns));
        return codec;
    }

    /** Called by a connection that can take requests. */
    void ready(DirectConnection connection) {
        connections.add(connection);
        if (connections.size() < plan.connections()) {
            return;
        }
        startNanos = System.nanoTime();
        loop.schedule(this::measure, plan.warmup().toNanos(), TimeUnit.NANOSECONDS);
        long end = plan.warmup().plus(plan.duration()).toNanos();
        loop.schedule(this::stop, end, TimeUnit.NANOSECONDS);
        loop.scheduleAtFixedRate(this::tick, 0, TICK_MICROS, TimeUnit.MICROSECONDS);
    }

    private void measure() {
        measuring = true;
        measureNanos = System.nanoTime();
        onMeasure.run();
    }

    private void stop() {
        stopped = true;
        report.lasted(System.nanoTime() - measureNanos);
        // Requests that are left would stay with the picker, and count in the next run.
        List.copyOf(connections).forEach(DirectConnection::close);
        done.complete(report);
    }

    private void tick() {
        if (stopped) {
            return;
        }
        long now = System.nanoTime();
        long interval = plan.chunkInterval().toNanos();
        answering.forEach(exchange -> exchange.answer(now, interval));
        answering.removeIf(exchange -> !exchange.hasMore());
        long wanted = wanted(now);
        while (opened < wanted && open < plan.streams() && !connections.isEmpty()) {
            connections.get((int) (opened % connections.size())).open(messages);
            opened++;
            open++;
        }
        connections.forEach(DirectConnection::flush);
    }

    /** Returns how many requests should have begun. */
    private long wanted(long now) {
        double rate = plan.requestsPerSecond();
        return rate > 0 ? (long) ((now - startNanos) / 1e9 * rate) : Long.MAX_VALUE;
    }

    /** Called by a request whose answer begins. */
    void answering(DirectExchange exchange) {
        exchange.answer(System.nanoTime(), plan.chunkInterval().toNanos());
        if (exchange.hasMore()) {
            answering.add(exchange);
        }
    }

    void picked(long beganNanos) {
        if (counts(beganNanos)) {
            report.picked(System.nanoTime() - beganNanos);
        }
    }

    void passed(long sentNanos) {
        if (counts(sentNanos)) {
            report.passed(System.nanoTime() - sentNanos);
        }
    }

    private boolean counts(long sinceNanos) {
        return measuring && !stopped && sinceNanos >= measureNanos;
    }

    void replied() {
        if (measuring && !stopped) {
            report.replied();
        }
    }

    void finished() {
        open--;
        if (measuring && !stopped) {
            report.finished();
        }
    }

    void failed(String reason) {
        open--;
        if (measuring && !stopped) {
            report.failed(reason);
        }
    }

    void gone(DirectConnection connection) {
        connections.remove(connection);
        if (connections.isEmpty() && !stopped) {
            stopped = true;
            done.completeExceptionally(
                    new IllegalStateException("the picker closed its connections"));
        }
    }
}
