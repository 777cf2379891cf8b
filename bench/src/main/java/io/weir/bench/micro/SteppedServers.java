package io.weir.bench.micro;

import io.weir.picker.PickRequest;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;
import io.weir.picker.Reservation.End;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Servers in virtual time that work step by step, to teach a picker how long steps take. A step
 * takes 7 ms, 0.02 ms for each answer and 20 ms for a thousand tokens of the one prompt that it
 * reads; every answer gets one token in it, up to fifty.
 */
final class SteppedServers {

    private static final int ANSWER_TOKENS = 50;
    private static final double REQUESTS_PER_SECOND = 4;
    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final RandomGenerator random;
    private final Map<String, Server> servers = new HashMap<>();
    private final PriorityQueue<Server> busy =
            new PriorityQueue<>(Comparator.comparingLong(server -> server.stepEndNanos));
    private long nanos = 1;

    SteppedServers(RandomGenerator random) {
        this.random = random;
    }

    /** Returns the time. */
    long nanos() {
        return nanos;
    }

    /**
     * Lets requests come to a pool, about four a second for each endpoint, and answers them all.
     */
    void serve(PoolPicker pool, int endpoints, int requests, Supplier<PickRequest> next) {
        long nanosBetween =
                Math.round(TimeUnit.SECONDS.toNanos(1) / (REQUESTS_PER_SECOND * endpoints));
        for (int i = 0; i < requests; i++) {
            advance(nanos + random.nextLong(2 * nanosBetween));
            PickRequest request = next.get();
            if (pool.pick(request) instanceof Picked(var reservation)) {
                begin(new Stream(reservation, request.promptTokens()));
            }
        }
        advance(Long.MAX_VALUE);
    }

    private void begin(Stream stream) {
        String name = stream.reservation.current().name();
        Server server = servers.computeIfAbsent(name, _ -> new Server());
        server.waiting.add(stream);
        if (server.isIdle()) {
            server.beginStep(nanos);
            busy.add(server);
        }
    }

    private void advance(long until) {
        while (!busy.isEmpty() && busy.element().stepEndNanos <= until) {
            Server server = busy.remove();
            nanos = server.stepEndNanos;
            server.endStep();
            if (server.hasWork()) {
                server.beginStep(nanos);
                busy.add(server);
            }
        }
        nanos = until == Long.MAX_VALUE ? nanos : until;
    }

    private static final class Stream {

        private final Reservation reservation;
        private final long promptTokens;
        private int tokens;

        Stream(Reservation reservation, long promptTokens) {
            this.reservation = reservation;
            this.promptTokens = promptTokens;
        }
    }

    private static final class Server {

        private final Deque<Stream> waiting = new ArrayDeque<>();
        private final List<Stream> answered = new ArrayList<>();
        private final List<Stream> reading = new ArrayList<>();
        private long stepEndNanos;

        boolean isIdle() {
            return answered.isEmpty() && reading.isEmpty();
        }

        boolean hasWork() {
            return !answered.isEmpty() || !waiting.isEmpty();
        }

        void beginStep(long now) {
            double millis = 7 + 0.02 * (answered.size() + 1);
            if (!waiting.isEmpty()) {
                reading.add(waiting.remove());
                millis += reading.getFirst().promptTokens * 0.02;
            }
            stepEndNanos = now + Math.round(millis * NANOS_PER_MILLI);
        }

        void endStep() {
            for (Iterator<Stream> streams = answered.iterator(); streams.hasNext(); ) {
                Stream stream = streams.next();
                if (++stream.tokens == ANSWER_TOKENS) {
                    stream.reservation.release(End.COMPLETED, ANSWER_TOKENS);
                    streams.remove();
                }
            }
            for (Stream stream : reading) {
                stream.tokens = 1;
                stream.reservation.firstByte();
                answered.add(stream);
            }
            reading.clear();
        }
    }
}
