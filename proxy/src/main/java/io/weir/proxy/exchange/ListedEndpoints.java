package io.weir.proxy.exchange;

import io.weir.picker.Endpoint;
import io.weir.picker.Reservation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Endpoints that an external picker named, in its order. It counts what is in flight itself. */
final class ListedEndpoints implements Reservation {

    private final List<Endpoint> endpoints;
    private int at;

    private ListedEndpoints(List<Endpoint> endpoints) {
        this.endpoints = endpoints;
    }

    /**
     * Returns those of the endpoints that are in the pool; null when none is.
     *
     * @param named {@code ip:port} joined by commas
     * @param pool the pool's endpoints
     */
    static @Nullable ListedEndpoints of(String named, List<Endpoint> pool) {
        List<Endpoint> found = new ArrayList<>(2);
        for (String name : named.split(",", -1)) {
            String authority = name.strip();
            for (Endpoint endpoint : pool) {
                if (isOf(endpoint, authority) && !found.contains(endpoint)) {
                    found.add(endpoint);
                }
            }
        }
        return found.isEmpty() ? null : new ListedEndpoints(found);
    }

    /** Compares without making a string for every endpoint of the pool. */
    private static boolean isOf(Endpoint endpoint, String authority) {
        int colon = authority.lastIndexOf(':');
        if (colon < 0 || !isNumber(authority, colon + 1, endpoint.port())) {
            return false;
        }
        boolean bracketed = authority.charAt(0) == '[';
        int start = bracketed ? 1 : 0;
        int end = bracketed ? colon - 1 : colon;
        String address = endpoint.address();
        return end - start == address.length()
                && authority.regionMatches(true, start, address, 0, address.length());
    }

    private static boolean isNumber(String text, int from, int number) {
        int value = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || value > 65_535) {
                return false;
            }
            value = value * 10 + c - '0';
        }
        return value == number;
    }

    @Override
    public Endpoint current() {
        return endpoints.get(at);
    }

    @Override
    public @Nullable Endpoint next() {
        return at + 1 < endpoints.size() ? endpoints.get(++at) : null;
    }

    @Override
    public void firstByte() {}

    @Override
    public void release(End end, long completionTokens) {}
}
