package io.weir.picker.events;

import io.weir.picker.prefix.EventSource;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
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
    private static final int FRAMES = 3;
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_AT_ONCE = 64;
    private static final long SETTLE_NANOS = Duration.ofSeconds(10).toNanos();

    private final Queue<Consumer<ZContext>> tasks = new ConcurrentLinkedQueue<>();
    private @Nullable Thread thread;
    private volatile boolean closed;

    /** Owned by the thread, as are the sockets in it. */
    private final Map<EndpointState, Subscription> subscriptions = new HashMap<>();

    private static final class Subscription {

        final EndpointState endpoint;
        final EventSource source;
        final ZMQ.Socket socket;
        final CacheTurnover turnover;
        final KvEventReader reader;

        Subscription(EndpointState endpoint, EventSource source, ZMQ.Socket socket) {
            this.endpoint = endpoint;
            this.source = source;
            this.socket = socket;
            int blockTokens = Math.max(1, source.blockBytes() / PrefixSettings.BYTES_PER_TOKEN);
            this.turnover = new CacheTurnover(endpoint.prefixes(), blockTokens);
            this.reader = new KvEventReader(turnover::apply);
        }
    }

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
                if (runTasks(context)) {
                    poller.close();
                    poller = poller(context);
                }
                if (poller.poll(POLL_MILLIS) > 0) {
                    subscriptions.values().forEach(this::receive);
                }
                if (System.nanoTime() - settled > SETTLE_NANOS) {
                    settled = System.nanoTime();
                    subscriptions.keySet().forEach(endpoint -> endpoint.prefixes().settle());
                }
            }
            poller.close();
        }
    }

    private boolean runTasks(ZContext context) {
        boolean any = false;
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.accept(context);
            any = true;
        }
        return any;
    }

    private ZMQ.Poller poller(ZContext context) {
        ZMQ.Poller poller = context.createPoller(Math.max(1, subscriptions.size()));
        subscriptions.values().forEach(one -> poller.register(one.socket, ZMQ.Poller.POLLIN));
        return poller;
    }

    private void change(ZContext context, EndpointState endpoint, @Nullable EventSource source) {
        Subscription present = subscriptions.get(endpoint);
        if (present != null && present.source.equals(source)) {
            return;
        }
        if (present != null) {
            subscriptions.remove(endpoint);
            present.socket.close();
            endpoint.prefixes().told(false);
        }
        if (source != null) {
            subscriptions.put(endpoint, subscribe(context, endpoint, source));
        }
    }

    private static Subscription subscribe(
            ZContext context, EndpointState endpoint, EventSource source) {
        ZMQ.Socket socket = context.createSocket(SocketType.SUB);
        socket.setIPv6(true);
        socket.setRcvHWM(MOST_WAITING);
        socket.subscribe(source.topic().getBytes(StandardCharsets.UTF_8));
        String address = endpoint.endpoint().address();
        String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
        socket.connect("tcp://" + host + ":" + source.port());
        return new Subscription(endpoint, source, socket);
    }

    /** Takes what has come for one endpoint; not too much at once, so that others have a turn. */
    private void receive(Subscription subscription) {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            byte[] topic = subscription.socket.recv(ZMQ.DONTWAIT);
            if (topic == null) {
                return;
            }
            byte[][] frames = {topic, new byte[0], new byte[0]};
            int count = 1;
            while (subscription.socket.hasReceiveMore()) {
                byte[] frame = subscription.socket.recv(ZMQ.DONTWAIT);
                if (count < FRAMES && frame != null) {
                    frames[count] = frame;
                }
                count++;
            }
            take(subscription, frames[1], frames[2]);
        }
    }

    private static void take(Subscription subscription, byte[] sequence, byte[] payload) {
        EndpointState endpoint = subscription.endpoint;
        try {
            endpoint.prefixes().told(true);
            if (sequence.length == Long.BYTES) {
                subscription.turnover.sequence(ByteBuffer.wrap(sequence).getLong());
            }
            subscription.turnover.serverBlockTokens(endpoint.scraped().kvBlockTokens());
            subscription.reader.read(ByteBuffer.wrap(payload));
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("endpoint", endpoint.endpoint().authority())
                    .addKeyValue("problem", e)
                    .log("a KV-cache event can't be read");
        }
    }
}
