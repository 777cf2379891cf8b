package io.weir.proxy.testing;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.HeaderField;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives out the endpoints in the order of the list, and counts what is reserved. */
public final class FakePicker implements PoolPicker {

    /** What a pick was asked for. */
    public record Asked(
            @Nullable String model,
            boolean rewritten,
            String prompt,
            long maxTokens,
            int priority,
            String fairnessId,
            @Nullable String objective) {}

    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Reservation.End> ends = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> tokens = new ConcurrentLinkedQueue<>();
    private final AtomicInteger reserved = new AtomicInteger();
    private final AtomicInteger firstBytes = new AtomicInteger();
    private volatile List<Endpoint> endpoints;
    private final List<String> sessions = new CopyOnWriteArrayList<>();
    private volatile boolean addresses;
    private volatile @Nullable PickResult refusal;
    private volatile List<EndpointSnapshot.ServedModel> served = List.of();

    /** Makes a picker. */
    public FakePicker(List<Endpoint> endpoints) {
        this.endpoints = endpoints;
    }

    /** Makes all later picks be refused. */
    public void refuse(PickResult.Refused result) {
        refusal = result;
    }

    /** Has headers set on requests and answers that name the endpoint. */
    public void addresses() {
        addresses = true;
    }

    /** Returns the request ids and session headers of requests. */
    public List<String> sessions() {
        return sessions;
    }

    @Override
    public PickResult pick(PickRequest request) {
        sessions.add(
                request.details().requestId()
                        + " "
                        + request.details().headers().get("x-session-token"));
        ByteArrayOutputStream prompt = new ByteArrayOutputStream();
        for (ByteBuffer part : request.prompt()) {
            byte[] bytes = new byte[part.remaining()];
            part.duplicate().get(bytes);
            prompt.writeBytes(bytes);
        }
        asked.add(
                new Asked(
                        request.model(),
                        request.modelIsRewritten(),
                        prompt.toString(StandardCharsets.UTF_8),
                        request.maxTokens(),
                        request.priority(),
                        request.fairnessId(),
                        request.objective()));
        PickResult refused = refusal;
        if (refused != null) {
            return refused;
        }
        if (endpoints.isEmpty()) {
            return new PickResult.Refused(
                    PickResult.Reason.NO_ENDPOINTS, "The pool has no endpoint.", 1);
        }
        return new PickResult.Picked(new Reserved(endpoints));
    }

    @Override
    public void update(List<Endpoint> newEndpoints, PickerSettings settings) {
        endpoints = newEndpoints;
    }

    @Override
    public List<EndpointSnapshot> endpoints() {
        return endpoints.stream().map(this::snapshot).toList();
    }

    private EndpointSnapshot snapshot(Endpoint endpoint) {
        return new EndpointSnapshot(
                endpoint, 0, 0, 0, 0, 0.0, served, Set.of(), Set.of(), 0, 0, true);
    }

    /** Sets what all endpoints say that they serve. */
    public void serves(EndpointSnapshot.ServedModel... models) {
        served = List.of(models);
    }

    /** Returns how many answers have begun. */
    public int firstBytes() {
        return firstBytes.get();
    }

    /** Returns what was asked for. */
    public List<Asked> asked() {
        return asked;
    }

    /** Returns how reservations ended, in order. */
    public List<Reservation.End> ends() {
        return List.copyOf(ends);
    }

    /** Returns the tokens with which reservations ended, in order. */
    public List<Long> tokens() {
        return List.copyOf(tokens);
    }

    /** Returns how many reservations are open. */
    public int reserved() {
        return reserved.get();
    }

    private final class Reserved implements Reservation {
        private final List<Endpoint> list;
        private int at;
        private boolean released;

        Reserved(List<Endpoint> list) {
            this.list = list;
            reserved.incrementAndGet();
        }

        @Override
        public Endpoint current() {
            return list.get(at);
        }

        @Override
        public @Nullable Endpoint next() {
            if (at + 1 >= list.size()) {
                return null;
            }
            return list.get(++at);
        }

        @Override
        public List<HeaderField> requestHeaders() {
            return addresses
                    ? List.of(new HeaderField("x-prefiller-host-port", current().authority()))
                    : List.of();
        }

        @Override
        public List<HeaderField> responseHeaders() {
            return addresses
                    ? List.of(new HeaderField("x-session-token", current().authority()))
                    : List.of();
        }

        @Override
        public void firstByte() {
            firstBytes.incrementAndGet();
        }

        @Override
        public void release(End end, long completionTokens) {
            if (!released) {
                released = true;
                reserved.decrementAndGet();
                ends.add(end);
                tokens.add(completionTokens);
            }
        }
    }
}
