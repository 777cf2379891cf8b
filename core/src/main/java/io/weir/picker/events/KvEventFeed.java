package io.weir.picker.events;

import io.weir.picker.prefix.EventSource;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Subscribes to the KV-cache events of endpoints. Its thread begins with the first subscription and
 * owns all sockets. Thread-safe.
 */
public final class KvEventFeed implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KvEventFeed.class);
    private static final long POLL_MILLIS = 100;
    private static final long SETTLE_NANOS = Duration.ofSeconds(10).toNanos();

    private final Queue<Consumer<ZContext>> tasks = new ConcurrentLinkedQueue<>();
    private @Nullable Thread thread;
    private volatile boolean closed;

    /** Owned by the thread, as is all in it. */
    private final Map<EndpointState, Subscription> subscriptions = new HashMap<>();

    private boolean socketsChanged;

    /**
     * Begins, changes or ends the subscription to an endpoint. Does not block.
     *
     * @param source where the events are; null for none
     */
    public synchronized void configure(EndpointState endpoint, @Nullable EventSource source) {
        if (closed || (source == null && thread == null)) {
            return;
        }
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("weir-kv-events").start(this::run);
        }
        tasks.add(context -> change(context, endpoint, source));
    }

    @Override
    public void close() {
        closed = true;
    }

    private void run() {
        try (ZContext context = new ZContext()) {
            context.setLinger(0);
            long settled = System.nanoTime();
            ZMQ.Poller poller = context.createPoller(1);
            while (!closed) {
                runTasks(context);
                if (socketsChanged) {
                    socketsChanged = false;
                    poller.close();
                    poller = poller(context);
                }
                boolean some = poller.poll(POLL_MILLIS) > 0;
                long now = System.nanoTime();
                for (Subscription one : List.copyOf(subscriptions.values())) {
                    if (some) {
                        one.receive(now);
                    }
                    one.tick(now);
                }
                if (now - settled > SETTLE_NANOS) {
                    settled = now;
                    subscriptions.keySet().forEach(endpoint -> endpoint.prefixes().settle());
                }
            }
            poller.close();
        }
    }

    private void runTasks(ZContext context) {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.accept(context);
        }
    }

    private ZMQ.Poller poller(ZContext context) {
        ZMQ.Poller poller = context.createPoller(Math.max(1, 3 * subscriptions.size()));
        subscriptions.values().forEach(one -> one.register(poller));
        return poller;
    }

    private void change(ZContext context, EndpointState endpoint, @Nullable EventSource source) {
        Subscription present = subscriptions.get(endpoint);
        if (present != null && present.source.equals(source)) {
            return;
        }
        socketsChanged = true;
        if (present != null) {
            subscriptions.remove(endpoint);
            present.close();
        }
        if (source != null) {
            subscribe(context, endpoint, source);
        }
    }

    private void subscribe(ZContext context, EndpointState endpoint, EventSource source) {
        try {
            Runnable changed = () -> socketsChanged = true;
            subscriptions.put(endpoint, new Subscription(endpoint, source, context, changed));
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("endpoint", endpoint.endpoint().authority())
                    .setCause(e)
                    .log("can't subscribe to KV-cache events");
        }
    }
}
