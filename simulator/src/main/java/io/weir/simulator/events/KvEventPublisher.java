package io.weir.simulator.events;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** Publishes the batches of one server, on a thread of its own, and sends old ones again. */
public final class KvEventPublisher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KvEventPublisher.class);
    private static final long LOOK_FOR_REPLAYS_MILLIS = 10;
    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(2);
    private static final int MOST_WAITING = 100_000;
    private static final int REQUEST_FRAMES = 3;
    private static final byte[] NOTHING = {};
    private static final byte[] END = number(-1);

    private final KvEventLog events;
    private final KvEventSettings settings;
    private final String topic;
    private final ZContext context = new ZContext();
    private final ZMQ.Socket publisher;
    private final ZMQ.@Nullable Socket replay;
    private final Deque<Batch> kept = new ArrayDeque<>();
    private final Thread thread;
    private long sequence;
    private volatile boolean closed;

    @SuppressWarnings("ArrayRecordComponent")
    private record Batch(long sequence, byte[] payload) {}

    /**
     * Begins to publish.
     *
     * @param events where batches come from
     * @param server where the server listens
     * @param model the model that it serves
     * @throws IOException when a port is in use
     */
    public static KvEventPublisher open(
            KvEventSettings settings, KvEventLog events, InetSocketAddress server, String model)
            throws IOException {
        return new KvEventPublisher(settings, events, server, model);
    }

    private KvEventPublisher(
            KvEventSettings settings, KvEventLog events, InetSocketAddress server, String model)
            throws IOException {
        this.settings = settings;
        this.events = events;
        InetAddress address = server.getAddress();
        String host = host(address);
        String given = settings.topic();
        topic = given != null ? given : "kv@" + host + ":" + server.getPort() + "@" + model;
        context.setLinger(0);
        try {
            publisher = open(SocketType.PUB, settings.endpoint(), address);
            String missed = settings.replayEndpoint();
            replay = missed == null ? null : open(SocketType.ROUTER, missed, address);
        } catch (ZMQException e) {
            context.close();
            throw new IOException("can't publish KV-cache events: " + e.getMessage(), e);
        }
        thread = Thread.ofPlatform().daemon().name("simulator-kv-events").start(this::run);
    }

    private ZMQ.Socket open(SocketType type, String endpoint, InetAddress server) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setIPv6(true);
        socket.setSndHWM(MOST_WAITING);
        if (!endpoint.contains("*")) {
            socket.connect(endpoint);
        } else if (server.isAnyLocalAddress()) {
            socket.bind(endpoint);
        } else {
            // Servers on one machine have addresses of their own, and the same ports.
            socket.bind(endpoint.replace("*", host(server)));
        }
        return socket;
    }

    private static String host(InetAddress address) {
        String literal = address.getHostAddress();
        return literal.contains(":") ? "[" + literal + "]" : literal;
    }

    private void run() {
        try (context) {
            while (!closed) {
                byte[] batch =
                        events.batches().poll(LOOK_FOR_REPLAYS_MILLIS, TimeUnit.MILLISECONDS);
                if (batch != null) {
                    publish(batch);
                }
                answerReplays();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish(byte[] payload) {
        Batch batch = new Batch(sequence++, payload);
        kept.addLast(batch);
        if (kept.size() > settings.replayBatches()) {
            kept.removeFirst();
        }
        publisher.sendMore(topic);
        publisher.sendMore(number(batch.sequence));
        publisher.send(payload);
    }

    private void answerReplays() {
        if (replay == null) {
            return;
        }
        for (byte[] client = replay.recv(ZMQ.DONTWAIT);
                client != null;
                client = replay.recv(ZMQ.DONTWAIT)) {
            byte[] last = NOTHING;
            int frames = 1;
            for (; replay.hasReceiveMore(); frames++) {
                last = replay.recv(ZMQ.DONTWAIT);
            }
            if (frames == REQUEST_FRAMES && last.length == Long.BYTES) {
                replay(replay, client, ByteBuffer.wrap(last).getLong());
            } else {
                log.atWarn().addKeyValue("frames", frames).log("a replay request can't be read");
            }
        }
    }

    private void replay(ZMQ.Socket socket, byte[] client, long from) {
        for (Batch batch : kept) {
            if (batch.sequence >= from) {
                send(socket, client, number(batch.sequence), batch.payload);
            }
        }
        send(socket, client, END, NOTHING);
    }

    private static void send(ZMQ.Socket socket, byte[] client, byte[] number, byte[] payload) {
        socket.sendMore(client);
        socket.sendMore(NOTHING);
        socket.sendMore(number);
        socket.send(payload);
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    /** Ends, and gives the ports back. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(TIME_TO_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
