package io.weir.bench.score;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Policies that every load balancer has. Not thread-safe. */
final class SimplePicker implements PoolPicker {

    private final Choice choice;
    private final Map<Endpoint, Integer> inFlight = new HashMap<>();
    private List<Endpoint> endpoints;

    /** Chooses one of a list of endpoints. */
    @FunctionalInterface
    interface Choice {
        int of(List<Endpoint> endpoints, Map<Endpoint, Integer> inFlight);
    }

    private SimplePicker(List<Endpoint> endpoints, Choice choice) {
        this.endpoints = endpoints;
        this.choice = choice;
    }

    /** Each one in turn. */
    static PoolPicker roundRobin(PolicyContext context) {
        return new SimplePicker(
                context.endpoints(),
                new Choice() {
                    private int next;

                    @Override
                    public int of(List<Endpoint> endpoints, Map<Endpoint, Integer> inFlight) {
                        return next++ % endpoints.size();
                    }
                });
    }

    /** The one of two random ones with fewer requests in flight. */
    static PoolPicker powerOfTwo(PolicyContext context) {
        var random = new SplittableRandom(context.seeds().getAsLong());
        return new SimplePicker(
                context.endpoints(),
                (endpoints, inFlight) -> {
                    int one = random.nextInt(endpoints.size());
                    int other = random.nextInt(endpoints.size());
                    return inFlight.getOrDefault(endpoints.get(one), 0)
                                    <= inFlight.getOrDefault(endpoints.get(other), 0)
                            ? one
                            : other;
                });
    }

    @Override
    public PickResult pick(PickRequest request) {
        Endpoint chosen = endpoints.get(choice.of(endpoints, inFlight));
        inFlight.merge(chosen, 1, Integer::sum);
        return new PickResult.Picked(new Counted(chosen));
    }

    @Override
    public void update(List<Endpoint> newEndpoints, PickerSettings settings) {
        endpoints = List.copyOf(newEndpoints);
    }

    @Override
    public List<EndpointSnapshot> endpoints() {
        return List.of();
    }

    private final class Counted implements Reservation {

        private final Endpoint endpoint;
        private boolean released;

        Counted(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public Endpoint current() {
            return endpoint;
        }

        @Override
        public @Nullable Endpoint next() {
            return null;
        }

        @Override
        public void firstByte() {}

        @Override
        public void release(End end, long completionTokens) {
            if (!released) {
                released = true;
                inFlight.merge(endpoint, -1, Integer::sum);
            }
        }
    }
}
