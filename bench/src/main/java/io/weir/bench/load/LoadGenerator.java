package io.weir.bench.load;

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
import io.netty.handler.codec.http.HttpClientCodec;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sends requests as a {@link LoadPlan} says. Everything runs on one event loop. */
public final class LoadGenerator {

    private final LoadPlan plan;
    private final LoadReport report = new LoadReport();
    private final CompletableFuture<LoadReport> done = new CompletableFuture<>();
    private final EventLoop loop;
    private final Runnable onMeasure;
    private final ArrayDeque<LoadConnection> idle = new ArrayDeque<>();
    private final ArrayDeque<Long> due = new ArrayDeque<>();
    private long startNanos;
    private long measureNanos;
    private long sent;
    private boolean measuring;
    private boolean stopped;

    private LoadGenerator(LoadPlan plan, EventLoop loop, Runnable onMeasure) {
        this.plan = plan;
        this.loop = loop;
        this.onMeasure = onMeasure;
    }

    /** Runs the plan and returns what was measured. */
    public static LoadReport run(LoadPlan plan) {
        return run(plan, () -> {});
    }

    /**
     * Runs the plan and returns what was measured.
     *
     * @param plan what to send
     * @param onMeasure called when the warm-up is over
     */
    public static LoadReport run(LoadPlan plan, Runnable onMeasure) {
        boolean epoll = Epoll.isAvailable();
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        var generator = new LoadGenerator(plan, group.next(), onMeasure);
        try {
            generator.connectAll(
                    new Bootstrap()
                            .group(group)
                            .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                            .option(ChannelOption.TCP_NODELAY, true));
            return generator.done.join();
        } finally {
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private void connectAll(Bootstrap bootstrap) {
        bootstrap.handler(
                new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new HttpClientCodec())
                                .addLast(new LoadConnection(LoadGenerator.this, bootstrap));
                    }
                });
        for (int i = 0; i < plan.connections(); i++) {
            connect(bootstrap);
        }
        loop.execute(this::start);
    }

    void connect(Bootstrap bootstrap) {
        bootstrap
                .connect(plan.target())
                .addListener(future -> {
                    if (!future.isSuccess()) {
                        report.failed("connect: " + future.cause().getMessage());
                    }
                });
    }

    private void start() {
        startNanos = System.nanoTime();
        loop.schedule(this::measure, plan.warmup().toNanos(), TimeUnit.NANOSECONDS);
        long end = plan.warmup().plus(plan.duration()).toNanos();
        loop.schedule(this::stop, end, TimeUnit.NANOSECONDS);
        if (openLoop()) {
            loop.scheduleAtFixedRate(this::tick, 0, 200, TimeUnit.MICROSECONDS);
        }
    }

    private void measure() {
        measuring = true;
        measureNanos = System.nanoTime();
        onMeasure.run();
    }

    private void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        report.finished(System.nanoTime() - measureNanos);
        done.complete(report);
    }

    private boolean openLoop() {
        return plan.requestsPerSecond() > 0;
    }

    /** Makes requests due up to now, and sends as many as there are idle connections. */
    private void tick() {
        double elapsedSeconds = (System.nanoTime() - startNanos) / 1e9;
        long wanted = (long) (elapsedSeconds * plan.requestsPerSecond());
        while (!stopped && sent + due.size() < wanted) {
            double seconds = (sent + due.size()) / plan.requestsPerSecond();
            due.add(startNanos + (long) (seconds * 1e9));
        }
        while (!due.isEmpty() && !idle.isEmpty()) {
            send(idle.poll(), due.poll());
        }
    }

    /** Called by a connection that can take a request. */
    void ready(LoadConnection connection) {
        if (stopped) {
            return;
        }
        if (!openLoop()) {
            send(connection, System.nanoTime());
        } else if (due.isEmpty()) {
            idle.add(connection);
        } else {
            send(connection, due.poll());
        }
    }

    /** Called by a connection that was closed. */
    void gone(LoadConnection connection, Bootstrap bootstrap) {
        idle.remove(connection);
        if (!stopped) {
            connect(bootstrap);
        }
    }

    private void send(LoadConnection connection, long dueNanos) {
        byte[] body = plan.bodies().get((int) (sent++ % plan.bodies().size()));
        connection.send(plan.path(), plan.target(), body, dueNanos);
    }

    void answered(long dueNanos, long firstByteNanos, long chunks, long bytes) {
        if (!measuring || stopped || dueNanos < measureNanos) {
            return;
        }
        report.answered(dueNanos, firstByteNanos, System.nanoTime(), chunks);
        report.received(bytes);
        if (plan.maxRequests() > 0 && report.requests() >= plan.maxRequests()) {
            stop();
        }
    }

    void failed(String reason) {
        if (measuring && !stopped) {
            report.failed(reason);
        }
    }
}
