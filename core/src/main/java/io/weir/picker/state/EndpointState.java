package io.weir.picker.state;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.latency.ServerPace;
import io.weir.picker.prefix.BlockIndex;
import io.weir.picker.prefix.PrefixTable;

import java.util.Map;

/**
 * One endpoint of a pool and all that is known of it. Thread-safe.
 *
 * <p>Loads are what the server said, corrected by what this process has sent and seen answered
 * since. Without the correction all requests between two scrapes would go to the same server.
 */
public final class EndpointState extends InFlight {

    // What every pick reads of every endpoint; it lies right behind the counters.
    private volatile Scraped scraped = Scraped.NEVER;
    private volatile double slowness = 1;

    private final Key key;
    private final Health health = new Health();
    private final PrefixTable prefixes = new PrefixTable();
    private final BlockIndex blocks = new BlockIndex();
    private final CacheCounts cacheCounts = new CacheCounts();
    private final RecentAdapters recentAdapters = new RecentAdapters();
    private final ServerPace pace = new ServerPace(factor -> slowness = factor);
    private volatile Endpoint endpoint;
    private volatile ServedModels models = ServedModels.UNKNOWN;
    private volatile Map<String, Double> attributes = Map.of();
    private volatile boolean modelsInDoubt;
    private volatile boolean retired;
    private volatile Runnable news = () -> {};
    private volatile Runnable otherModels = () -> {};

    /**
     * What makes an endpoint the same one after a change of the pool.
     *
     * @param authority address and port
     * @param podName name of the Pod; a new Pod on an old address is another server
     */
    public record Key(String authority, String podName) {

        /** Returns the key of an endpoint. */
        public static Key of(Endpoint endpoint) {
            return new Key(endpoint.authority(), endpoint.podName());
        }
    }

    public EndpointState(Endpoint endpoint) {
        this.key = Key.of(endpoint);
        this.endpoint = endpoint;
    }

    /** Returns what identifies the endpoint. */
    public Key key() {
        return key;
    }

    /** Returns the endpoint as last configured. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Replaces name and labels. */
    public void endpoint(Endpoint renewed) {
        endpoint = renewed;
    }

    /** Returns the work in flight, which is kept in this very object. */
    public InFlight inFlight() {
        return this;
    }

    /** Returns whether the endpoint can be reached. */
    public Health health() {
        return health;
    }

    /** Returns the prompts that were sent to the endpoint. */
    public PrefixTable prefixes() {
        return prefixes;
    }

    /** Returns the blocks of tokens that the server says it holds. */
    public BlockIndex blocks() {
        return blocks;
    }

    /** Returns what the server told about its KV cache. */
    public CacheCounts cacheCounts() {
        return cacheCounts;
    }

    /** Forgets what the server's cache held: its process is gone. */
    public void forgetCache() {
        prefixes.clear();
        blocks.forget();
    }

    /** Returns the adapters that requests were sent for lately. */
    public RecentAdapters recentAdapters() {
        return recentAdapters;
    }

    /** Returns how fast the server is, beside the others of its pool. */
    public ServerPace pace() {
        return pace;
    }

    /** Returns by which factor the server's tokens come more slowly than those of its pool. */
    public double slowness() {
        return slowness;
    }

    /** Returns what the server last said about itself. */
    public Scraped scraped() {
        return scraped;
    }

    /** Publishes a scrape. */
    public void scraped(Scraped latest) {
        scraped = latest;
        news.run();
    }

    /** Says who is told of every scrape, on the thread that publishes it; must not block. */
    public void whenScraped(Runnable told) {
        news = told;
    }

    /**
     * Returns the value of a further metric, NaN when the server does not have it.
     *
     * @param key key of the metric, as configured
     */
    public double attribute(String key) {
        Double value = attributes.get(key);
        return value == null ? Double.NaN : value;
    }

    /** Publishes the values of further metrics. */
    public void attributes(Map<String, Double> latest) {
        attributes = Map.copyOf(latest);
    }

    /** Returns the models that the server serves. */
    public ServedModels models() {
        return models;
    }

    /** Publishes the models that the server serves. */
    public void models(ServedModels latest) {
        if (!models.sameAs(latest)) {
            models = latest;
            otherModels.run();
        }
    }

    /** Says who is told when the server serves other models, once they are published. */
    public void whenModelsChange(Runnable told) {
        otherModels = told;
    }

    /** Returns whether somebody asked for a model that the list does not have. */
    public boolean areModelsInDoubt() {
        return modelsInDoubt;
    }

    /** Says whether the list of models may have changed. */
    public void modelsInDoubt(boolean inDoubt) {
        if (modelsInDoubt != inDoubt) {
            modelsInDoubt = inDoubt;
        }
    }

    /** Returns whether the server is known to serve a model as an adapter on another. */
    public boolean isAdapter(String model) {
        return models.isAdapter(model) || scraped.adapters().has(model);
    }

    /** Returns whether the endpoint has left its pool. */
    public boolean isRetired() {
        return retired;
    }

    /** Says whether the endpoint has left its pool. */
    public void retired(boolean gone) {
        retired = gone;
    }

    /**
     * Returns the length of the server's queue as it should be now: all requests that the server
     * must have by now, less those that it was running. Requests that were sent and that the server
     * had not counted yet when it was asked are among them. Before the first scrape, the requests
     * in flight.
     *
     * @param inFlightRequests requests that this process has in flight now
     */
    public int waitingRequests(int inFlightRequests) {
        Scraped last = scraped;
        int running = Math.max(0, last.runningRequests());
        return Math.max(0, last.foreignRequests() + inFlightRequests - running);
    }

    /**
     * Returns the requests that the server should be working on now, if its queue has not moved.
     */
    public int runningRequests(int inFlightRequests) {
        Scraped last = scraped;
        int waiting = Math.max(0, last.waitingRequests());
        return Math.max(0, last.foreignRequests() + inFlightRequests - waiting);
    }

    /** Returns the use of the KV cache as it should be now, 0..1; 0 when it is not known. */
    public double kvCacheUsage() {
        return scraped.kvCacheUsage(tokens());
    }

    /** Returns what is known now. */
    public EndpointSnapshot snapshot(long nowNanos) {
        Scraped last = scraped;
        return new EndpointSnapshot(
                endpoint,
                requests(),
                tokens(),
                last.waitingRequests(),
                last.runningRequests(),
                last.kvCacheUsage(),
                models.list(),
                last.adapters().active(),
                last.adapters().waiting(),
                last.adapters().max(),
                last.ageMillis(nowNanos),
                health.isGood());
    }
}
