package io.weir.proxy.exchange;

import io.weir.picker.Endpoint;
import io.weir.picker.Reservation;
import io.weir.split.WeightedChoice;

import org.jspecify.annotations.Nullable;

/** The endpoints of a Service, beginning with the one whose turn it is. Nothing is counted. */
final class ServiceEndpoints implements Reservation {

    private final WeightedChoice<Endpoint> choice;
    private final Endpoint first;
    private Endpoint current;
    private int tried = 1;

    private ServiceEndpoints(WeightedChoice<Endpoint> choice, Endpoint first) {
        this.choice = choice;
        this.first = first;
        this.current = first;
    }

    /** Returns the endpoints, or null when there are none. */
    static @Nullable ServiceEndpoints of(WeightedChoice<Endpoint> choice) {
        Endpoint first = choice.choose();
        return first == null ? null : new ServiceEndpoints(choice, first);
    }

    @Override
    public Endpoint current() {
        return current;
    }

    @Override
    public @Nullable Endpoint next() {
        int count = choice.items().size();
        if (tried >= count) {
            return null;
        }
        int index = (choice.items().indexOf(first) + tried++) % count;
        current = choice.items().get(index);
        return current;
    }

    @Override
    public void firstByte() {}

    @Override
    public void release(End end, long completionTokens) {}
}
