package io.weir.picker.scrape;

import io.weir.picker.events.KvEventFeed;
import io.weir.picker.pool.EndpointWatch;
import io.weir.picker.setup.ScrapePlan;
import io.weir.picker.state.EndpointState;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Asks the servers of all pools for their metrics and models while they are watched, on a thread of
 * its own, and listens to their KV-cache events where that is configured. Thread-safe.
 */
public final class Scraper implements EndpointWatch, AutoCloseable {

    private final ScrapeLoop loop;
    private final ScrapeTools tools = new ScrapeTools();
    private final LongSupplier seeds;
    private final KvEventFeed events = new KvEventFeed();

    /** Owned by the loop's thread. */
    private final Map<EndpointState, EndpointScraper> scrapers = new HashMap<>();

    /**
     * Returns a scraper that watches nothing yet.
     *
     * @param times how often servers are asked
     * @param nanoTime the clock of the pickers
     * @param seeds seeds for the jitter of pauses
     */
    public Scraper(ScrapeTimes times, LongSupplier nanoTime, LongSupplier seeds) {
        this.seeds = seeds;
        this.loop = new ScrapeLoop(times, nanoTime);
        Thread.ofPlatform().daemon().name("weir-scrape").start(loop);
    }

    /** Returns a scraper on the system's clock. */
    public static Scraper create() {
        return new Scraper(
                ScrapeTimes.DEFAULT,
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextLong());
    }

    @Override
    public void begin(EndpointState endpoint) {
        loop.execute(() -> add(endpoint));
    }

    @Override
    public void configure(EndpointState endpoint, ScrapePlan plan) {
        loop.execute(() -> {
            EndpointScraper scraper = scrapers.get(endpoint);
            if (scraper != null) {
                scraper.configure(plan);
            }
        });
        events.configure(endpoint, plan.events());
    }

    @Override
    public void end(EndpointState endpoint) {
        loop.execute(() -> remove(endpoint));
        events.configure(endpoint, null);
    }

    /** Returns how often servers did not answer, or with an error, since the start. */
    public long failures() {
        return tools.failures();
    }

    /** Ends the watch of all endpoints. */
    @Override
    public void close() {
        loop.close();
        events.close();
    }

    private void add(EndpointState endpoint) {
        var random = new SplittableRandom(seeds.getAsLong());
        EndpointScraper scraper = new EndpointScraper(endpoint, loop, tools, random);
        if (scrapers.putIfAbsent(endpoint, scraper) == null) {
            loop.add(scraper);
        }
    }

    private void remove(EndpointState endpoint) {
        EndpointScraper scraper = scrapers.remove(endpoint);
        if (scraper != null) {
            loop.remove(scraper);
        }
    }
}
