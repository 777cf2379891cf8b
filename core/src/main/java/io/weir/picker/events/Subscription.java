package io.weir.picker.events;

import io.weir.picker.prefix.BlockIndex;
import io.weir.picker.prefix.EventSource;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.prefix.StoredBlocks;
import io.weir.picker.state.CacheCounts;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;
import org.zeromq.ZMonitor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What one endpoint's server tells, and what becomes of it. Owned by one thread. */
final class Subscription implements KvEventSink, EventOrder.Reader {

    private static final Logger log = LoggerFactory.getLogger(KvEventFeed.class);
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_AT_ONCE = 64;
    private static final int HANDSHAKE_MILLIS = 1_000;
    private static final long SUBSCRIBED_NANOS = Duration.ofMillis(300).toNanos();
    private static final byte[] NOTHING = {};

    final EventSource source;
    private final EndpointState endpoint;
    private final ZContext context;
    private final ZMQ.Socket socket;
    private final ZMQ.Socket monitor;
    private final Runnable socketsChanged;
    private final CacheTurnover texts;
    private final BlockIndex blocks;
    private final CacheCounts counts;
    private final KvEventReader reader = new KvEventReader(this);
    private final EventOrder order;
    private ZMQ.@Nullable Socket replay;

    /** Whether all that happened is to be asked for, and when: once the subscription holds. */
    private boolean asks;

    private boolean connected;
    private long askNanos;

    /** The last two frames of a message. */
    private byte[] number = NOTHING;

    private byte[] payload = NOTHING;

    /**
     * Subscribes.
     *
     * @param socketsChanged is told when there is a socket more or less
     */
    Subscription(
            EndpointState endpoint, EventSource source, ZContext context, Runnable socketsChanged) {
        this.endpoint = endpoint;
        this.source = source;
        this.context = context;
        this.socketsChanged = socketsChanged;
        int blockTokens = Math.max(1, source.blockBytes() / PrefixSettings.BYTES_PER_TOKEN);
        texts = new CacheTurnover(endpoint.prefixes(), blockTokens);
        blocks = endpoint.blocks();
        counts = endpoint.cacheCounts();
        order = new EventOrder(this, source.replayPort() > 0);
        socket = socket(SocketType.SUB);
        socket.setRcvHWM(MOST_WAITING);
        socket.subscribe(source.topic().getBytes(StandardCharsets.UTF_8));
        String connection = "inproc://connection-" + System.identityHashCode(this);
        socket.monitor(connection, ZMQ.EVENT_CONNECTED | ZMQ.EVENT_DISCONNECTED);
        monitor = context.createSocket(SocketType.PAIR);
        monitor.connect(connection);
        socket.connect(address(source.port()));
    }

    private ZMQ.Socket socket(SocketType type) {
        ZMQ.Socket made = context.createSocket(type);
        made.setIPv6(true);
        // Now and then a connection comes to nothing; by default that is noticed after 30 s.
        made.setHandshakeIvl(HANDSHAKE_MILLIS);
        return made;
    }

    private String address(int port) {
        String address = endpoint.endpoint().address();
        String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
        return "tcp://" + host + ":" + (port + endpoint.endpoint().rank());
    }

    /** Has a poller look at the sockets. */
    void register(ZMQ.Poller poller) {
        poller.register(socket, ZMQ.Poller.POLLIN);
        poller.register(monitor, ZMQ.Poller.POLLIN);
        if (replay != null) {
            poller.register(replay, ZMQ.Poller.POLLIN);
        }
    }

    void close() {
        monitor.close();
        socket.close();
        stopAsking();
        endpoint.prefixes().told(false);
        blocks.told(false);
        blocks.clear();
    }

    /** Makes sure that nothing is waited for in vain. */
    void tick(long nowNanos) {
        startAnewIfGone(nowNanos);
        order.tick(nowNanos);
        if (asks && nowNanos - askNanos >= 0) {
            asks = false;
            order.begin(nowNanos);
        }
        blocks.complete(order.isComplete());
    }

    /** Takes what has come; not too much at once, so that others have a turn. */
    void receive(long nowNanos) {
        startAnewIfGone(nowNanos);
        for (int i = 0; i < MOST_AT_ONCE && take(socket); i++) {
            tells();
            if (number.length == Long.BYTES) {
                order.message(ByteBuffer.wrap(number).getLong(), payload, nowNanos);
            } else {
                read(payload);
            }
        }
        for (int i = 0; i < MOST_AT_ONCE && replay != null && take(replay); i++) {
            tells();
            if (number.length == Long.BYTES) {
                order.replayed(ByteBuffer.wrap(number).getLong(), payload, nowNanos);
            }
        }
        watchConnection(nowNanos);
        blocks.complete(order.isComplete());
    }

    /** Others saw that the server was gone. */
    private void startAnewIfGone(long nowNanos) {
        if (blocks.isForgotten()) {
            blocks.clear();
            order.restart();
            asks = connected;
            askNanos = nowNanos;
        }
    }

    private void watchConnection(long nowNanos) {
        for (ZEvent event = nextEvent(); event != null; event = nextEvent()) {
            connected = event.getEvent() == ZMonitor.Event.CONNECTED;
            asks = connected;
            askNanos = nowNanos + SUBSCRIBED_NANOS;
            if (!connected) {
                // Connections seldom end before processes do. If this one did, all is asked for.
                order.restart();
            }
        }
    }

    private @Nullable ZEvent nextEvent() {
        return ZEvent.recv(monitor, ZMQ.DONTWAIT);
    }

    private void tells() {
        endpoint.prefixes().told(true);
        blocks.told(true);
    }

    /** Takes the next message of a socket; false when there is none. */
    private boolean take(ZMQ.Socket from) {
        byte[] frame = from.recv(ZMQ.DONTWAIT);
        if (frame == null) {
            return false;
        }
        number = NOTHING;
        payload = frame;
        while (from.hasReceiveMore()) {
            byte[] next = from.recv(ZMQ.DONTWAIT);
            number = payload;
            payload = next == null ? NOTHING : next;
        }
        return true;
    }

    @Override
    public void read(byte[] message) {
        try {
            reader.read(ByteBuffer.wrap(message));
        } catch (RuntimeException e) {
            order.incomplete();
            counts.unreadable();
            log.atWarn()
                    .addKeyValue("endpoint", endpoint.endpoint().authority())
                    .addKeyValue("problem", e)
                    .log("a KV-cache event can't be read");
        }
    }

    @Override
    public void restarted() {
        texts.cleared();
        blocks.clear();
        counts.restarted();
    }

    @Override
    public void gap() {
        counts.gap();
    }

    @Override
    public void ask(long from) {
        stopAsking();
        counts.replay();
        ZMQ.Socket asking = socket(SocketType.DEALER);
        replay = asking;
        asking.setRcvHWM(0);
        asking.connect(address(source.replayPort()));
        asking.sendMore(NOTHING);
        asking.send(ByteBuffer.allocate(Long.BYTES).putLong(from).array(), ZMQ.DONTWAIT);
        socketsChanged.run();
    }

    @Override
    public void stopAsking() {
        if (replay != null) {
            replay.close();
            replay = null;
            socketsChanged.run();
        }
    }

    @Override
    public void stored(StoredBlocks event) {
        texts.stored(event.tokens(), event.blockTokens());
        int known = blocks.stored(event);
        counts.stored(event.count(), event.count() - known);
        if (known < event.count()) {
            order.incomplete();
        }
    }

    @Override
    public void removed(long hash) {
        texts.removed();
        blocks.removed(hash);
        counts.removed();
    }

    @Override
    public void cleared() {
        texts.cleared();
        blocks.clear();
        order.cleared();
        counts.cleared();
    }

    @Override
    public void skipped() {
        counts.skipped();
    }
}
