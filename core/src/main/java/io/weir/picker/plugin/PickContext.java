package io.weir.picker.plugin;

import io.weir.picker.PickRequest;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * One request and its candidates. Reused from pick to pick; owned by one thread at a time.
 *
 * <p>The numbers of requests in flight are read once when a pick begins, so that all plugins judge
 * by the same values and the pick can tell whether they still held when it made its choice.
 */
public final class PickContext {

    private static final int FIRST_CAPACITY = 16;

    private final RandomGenerator random;
    private EndpointState[] endpoints = new EndpointState[0];
    private @Nullable PickRequest request;
    private long nowNanos;
    private int[] requests = new int[FIRST_CAPACITY];
    private int[] candidates = new int[FIRST_CAPACITY];
    private int[] kept = new int[FIRST_CAPACITY];
    private int size;
    private int keptSize;

    public PickContext(RandomGenerator random) {
        this.random = random;
    }

    /** Begins a pick among all endpoints. */
    public void begin(PickRequest newRequest, EndpointState[] newEndpoints, long now) {
        request = newRequest;
        endpoints = newEndpoints;
        nowNanos = now;
        size = newEndpoints.length;
        ensureCapacity(size);
        for (int i = 0; i < size; i++) {
            candidates[i] = i;
            requests[i] = newEndpoints[i].inFlight().requests();
        }
    }

    /** Lets go of the request. */
    public void end() {
        request = null;
        endpoints = new EndpointState[0];
    }

    /** Returns the request. */
    public PickRequest request() {
        if (request == null) {
            throw new IllegalStateException("no pick has begun");
        }
        return request;
    }

    /** Returns the time of the pick on the pool's clock. */
    public long nowNanos() {
        return nowNanos;
    }

    /** Returns the number of candidates. */
    public int size() {
        return size;
    }

    /** Returns a candidate. */
    public EndpointState endpoint(int position) {
        return endpoints[candidates[position]];
    }

    /** Returns the index of a candidate among all endpoints of the pool. */
    public int index(int position) {
        return candidates[position];
    }

    /** Returns the requests in flight to a candidate when the pick began. */
    public int inFlightRequests(int position) {
        return requests[candidates[position]];
    }

    /** Returns the length of a candidate's queue, as it should be now. */
    public int waitingRequests(int position) {
        return endpoint(position).waitingRequests(inFlightRequests(position));
    }

    /** Returns the requests that a candidate should be working on now. */
    public int runningRequests(int position) {
        return endpoint(position).runningRequests(inFlightRequests(position));
    }

    /** Returns the source of randomness. */
    public RandomGenerator random() {
        return random;
    }

    /** Keeps a candidate; only while a filter runs. */
    public void keep(int position) {
        kept[keptSize++] = candidates[position];
    }

    /**
     * Runs a filter.
     *
     * @return whether anything is left; if not, the candidates are as they were before
     */
    public boolean apply(Filter filter) {
        keptSize = 0;
        filter.filter(this);
        if (keptSize == 0) {
            return false;
        }
        int[] former = candidates;
        candidates = kept;
        size = keptSize;
        kept = former;
        return true;
    }

    private void ensureCapacity(int capacity) {
        if (candidates.length >= capacity) {
            return;
        }
        int grown = Integer.highestOneBit(Math.max(1, capacity - 1)) << 1;
        requests = Arrays.copyOf(requests, grown);
        candidates = Arrays.copyOf(candidates, grown);
        kept = Arrays.copyOf(kept, grown);
    }
}
