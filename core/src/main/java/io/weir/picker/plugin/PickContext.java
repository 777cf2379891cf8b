package io.weir.picker.plugin;

import io.weir.picker.PickRequest;
import io.weir.picker.latency.LatencyPredictor;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.InFlight;
import io.weir.picker.state.ServedModels;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * One request and its candidates. Reused from pick to pick; owned by one thread at a time.
 *
 * <p>An endpoint's requests in flight are read when somebody first asks for them, so that all
 * plugins judge by the same value and the pick can tell whether it still held when it made its
 * choice.
 */
public final class PickContext {

    private static final int FIRST_CAPACITY = 16;
    private static final EndpointState[] NO_ENDPOINTS = {};
    private static final double[] NO_NUMBERS = {};
    private static final int NOT_READ = Integer.MIN_VALUE;

    private final RandomGenerator random;
    private final PrefixMatches prefixes = new PrefixMatches();
    private final LatencyPredictions latencies = new LatencyPredictions(this);
    private EndpointState[] endpoints = NO_ENDPOINTS;
    private @Nullable PickRequest request;
    private long nowNanos;
    private int[] requests = new int[FIRST_CAPACITY];
    private int[] candidates = new int[FIRST_CAPACITY];
    private int[] kept = new int[FIRST_CAPACITY];
    private int[] eligible = new int[FIRST_CAPACITY];
    private int[] choices = {};
    private long[] longs = {};
    private double[][] columns = {};
    private boolean countsOutput;
    private @Nullable ServedModels servedByAll;
    private long assumedTokens;
    private int size;
    private int keptSize;
    private int eligibleSize;
    private int lastChoice = ProfilePlan.NONE;

    public PickContext(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Begins a pick.
     *
     * @param prefixSettings how prompts are matched; null when they are not
     * @param predictor predicts latencies; null when nobody asks for them
     */
    public void begin(
            PickRequest newRequest,
            EndpointState[] newEndpoints,
            @Nullable PrefixSettings prefixSettings,
            @Nullable LatencyPredictor predictor,
            long now) {
        request = newRequest;
        endpoints = newEndpoints;
        nowNanos = now;
        ensureCapacity(newEndpoints.length);
        prefixes.begin(newRequest, newEndpoints, prefixSettings, now);
        latencies.begin(predictor, newEndpoints.length);
        Arrays.fill(choices, ProfilePlan.NONE);
        lastChoice = ProfilePlan.NONE;
    }

    /** Says whether the tokens of answers count as load. */
    public void countsOutput(boolean counts) {
        countsOutput = counts;
    }

    /** Says which list of models all endpoints share; null when that is not known. */
    public void servedByAll(@Nullable ServedModels models) {
        servedByAll = models;
    }

    /** Returns the list of models that all endpoints share; null when they may have several. */
    public @Nullable ServedModels servedByAll() {
        return servedByAll;
    }

    /** Makes all endpoints candidates, and forgets their requests. */
    public void admitAll() {
        assumedTokens = 0;
        size = endpoints.length;
        for (int i = 0; i < size; i++) {
            candidates[i] = i;
        }
        Arrays.fill(requests, 0, size, NOT_READ);
    }

    /** Makes what is left now the candidates that every profile begins with. */
    public void admitNoMore() {
        System.arraycopy(candidates, 0, eligible, 0, size);
        eligibleSize = size;
    }

    /** Goes back to the candidates that every profile begins with, and forgets their requests. */
    public void startOver() {
        assumedTokens = 0;
        System.arraycopy(eligible, 0, candidates, 0, eligibleSize);
        size = eligibleSize;
        Arrays.fill(requests, 0, endpoints.length, NOT_READ);
    }

    /**
     * Counts work that is on its way to the candidates, as if it came to them evenly; until they
     * are forgotten.
     */
    public void assume(long moreRequests, long moreTokens) {
        if (size == 0 || moreRequests == 0) {
            return;
        }
        int each = (int) (moreRequests / size);
        int rest = (int) (moreRequests % size);
        for (int i = 0; i < size; i++) {
            int index = candidates[i];
            requests[index] = requestsAt(index) + (i < rest ? each + 1 : each);
        }
        assumedTokens = moreTokens / size;
    }

    /** Notes which endpoint a profile chose. */
    public void choose(int profile, int index) {
        if (profile >= choices.length) {
            int former = choices.length;
            choices = Arrays.copyOf(choices, profile + 1);
            Arrays.fill(choices, former, choices.length, ProfilePlan.NONE);
        }
        choices[profile] = index;
        lastChoice = index;
    }

    /** Returns the endpoint that a profile chose, among all of the pool; else NONE. */
    public int choice(int profile) {
        return profile < choices.length ? choices[profile] : ProfilePlan.NONE;
    }

    /** Returns the endpoint that the profile before this one chose; null when there is none. */
    public @Nullable EndpointState peer() {
        return lastChoice == ProfilePlan.NONE ? null : endpoints[lastChoice];
    }

    /** Lets go of the request. */
    public void end() {
        request = null;
        endpoints = NO_ENDPOINTS;
        prefixes.end();
    }

    /** Returns the request. */
    public PickRequest request() {
        if (request == null) {
            throw new IllegalStateException("no pick has begun");
        }
        return request;
    }

    /**
     * Returns a header of the request, null when it has none.
     *
     * @param name name, lower case
     */
    public @Nullable String header(String name) {
        return request().details().headers().get(name);
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

    /** Returns an endpoint of the pool, whether it is a candidate or not. */
    public EndpointState endpointAt(int index) {
        return endpoints[index];
    }

    /** Returns all endpoints of the pool; the array is not to be changed. */
    public EndpointState[] endpoints() {
        return endpoints;
    }

    /** Returns room for one number per candidate, to be used by one plugin at a time. */
    public long[] longs() {
        if (longs.length < size) {
            longs = new long[candidates.length];
        }
        return longs;
    }

    /**
     * Returns more room of that kind.
     *
     * @param number which of several, from 0
     */
    public double[] column(int number) {
        if (number >= columns.length) {
            int former = columns.length;
            columns = Arrays.copyOf(columns, number + 1);
            Arrays.fill(columns, former, columns.length, NO_NUMBERS);
        }
        if (columns[number].length < size) {
            columns[number] = new double[candidates.length];
        }
        return columns[number];
    }

    /** Returns the index of a candidate among all endpoints of the pool. */
    public int index(int position) {
        return candidates[position];
    }

    /** Returns the requests in flight to an endpoint of the pool when somebody first asked. */
    int requestsAt(int index) {
        int known = requests[index];
        return known == NOT_READ ? read(index) : known;
    }

    private int read(int index) {
        int current = endpoints[index].inFlight().requests();
        requests[index] = current;
        return current;
    }

    /** Returns the requests in flight to a candidate when somebody first asked. */
    public int inFlightRequests(int position) {
        return requestsAt(candidates[position]);
    }

    /** Returns the tokens in flight to a candidate, of answers as far as those count as load. */
    public long inFlightTokens(int position) {
        InFlight load = endpoint(position).inFlight();
        return assumedTokens + (countsOutput ? load.tokens() : load.prefillTokens());
    }

    /** Returns the use of a candidate's KV cache as it should be now, 0..1. */
    public double kvCacheUsage(int position) {
        EndpointState endpoint = endpoint(position);
        return endpoint.scraped().kvCacheUsage(endpoint.inFlight().tokens() + assumedTokens);
    }

    /** Returns the length of a candidate's queue, as it should be now. */
    public int waitingRequests(int position) {
        return endpoint(position).waitingRequests(inFlightRequests(position));
    }

    /** Returns the requests that a candidate should be working on now. */
    public int runningRequests(int position) {
        return endpoint(position).runningRequests(inFlightRequests(position));
    }

    /** Returns how much of the prompt each endpoint knows; asking costs the hashing of it once. */
    public PrefixMatches prefixes() {
        return prefixes;
    }

    /** Returns how long candidates would take, where that can be told. */
    public LatencyPredictions latencies() {
        return latencies;
    }

    /** Returns the prompt's tokens that a candidate would have to work out anew. */
    public long uncachedTokens(int position) {
        return prefixes.uncachedTokens(candidates[position]);
    }

    /**
     * Writes the prompt's tokens that each candidate would have to work out anew: faster than to
     * ask for each of them.
     */
    public void uncachedTokens(double[] tokens) {
        prefixes.uncachedTokens(candidates, size, tokens);
    }

    /** Returns the source of randomness. */
    public RandomGenerator random() {
        return random;
    }

    /** Keeps a candidate; only while a filter runs. */
    public void keep(int position) {
        kept[keptSize++] = candidates[position];
    }

    /** Keeps all candidates; only while a filter runs. */
    public void keepAll() {
        System.arraycopy(candidates, 0, kept, 0, size);
        keptSize = size;
    }

    /** Keeps no candidate; only while a filter runs. */
    public void keepNone() {
        keptSize = 0;
    }

    /** Keeps all candidates when any is kept so far; only while a filter runs. */
    public void keepAllIfAny() {
        if (keptSize > 0) {
            keepAll();
        }
    }

    /** Keeps all candidates when none is kept so far; only while a filter runs. */
    public void keepAllIfNone() {
        if (keptSize == 0) {
            keepAll();
        }
    }

    /**
     * Runs a filter. Filters may run others on what is left so far, and then end with {@link
     * #keepAll} or {@link #keepNone}.
     *
     * @return whether anything is left; if not, the candidates are as they were before, unless the
     *     filter ran others
     */
    public boolean apply(Filter filter) {
        keptSize = 0;
        filter.filter(this);
        return takeKept();
    }

    /**
     * Runs a screener.
     *
     * @return whether anything is left
     */
    public boolean screen(Screener screener) {
        keptSize = 0;
        screener.screen(this);
        return takeKept();
    }

    private boolean takeKept() {
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
        eligible = Arrays.copyOf(eligible, grown);
    }
}
