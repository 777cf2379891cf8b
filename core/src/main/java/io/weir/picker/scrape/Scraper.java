package io.weir.picker.scrape;

import io.weir.picker.pool.EndpointWatch;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/** Asks the servers of all pools for their metrics and models while they are watched. */
public final class Scraper implements EndpointWatch, AutoCloseable {

    private final Map<EndpointState, Running> running = new ConcurrentHashMap<>();
    private final ScrapeTools tools;
    private final LongSupplier seeds;

    private record Running(EndpointScraper scraper, Thread thread) {

        void end() {
            scraper.end();
            thread.interrupt();
        }
    }

    /** Returns a scraper on the system's clock. */
    public static Scraper create() {
        return new Scraper(
                ScrapeTimes.DEFAULT,
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextLong());
    }

    /**
     * Returns a scraper that watches nothing yet.
     *
     * @param times how often servers are asked
     * @param nanoTime the clock of the pickers
     * @param seeds seeds for the jitter of pauses
     */
    public Scraper(ScrapeTimes times, LongSupplier nanoTime, LongSupplier seeds) {
        this.tools = new ScrapeTools(times, nanoTime);
        this.seeds = seeds;
    }

    @Override
    public void begin(EndpointState endpoint) {
        running.computeIfAbsent(endpoint, this::start);
    }

    @Override
    public void end(EndpointState endpoint) {
        @Nullable Running ended = running.remove(endpoint);
        if (ended != null) {
            ended.end();
        }
    }

    /** Ends the watch of all endpoints. */
    @Override
    public void close() {
        running.keySet().forEach(this::end);
    }

    private Running start(EndpointState endpoint) {
        var random = new SplittableRandom(seeds.getAsLong());
        EndpointScraper scraper = new EndpointScraper(endpoint, tools, random);
        String name = "scrape-" + endpoint.endpoint().name();
        return new Running(scraper, Thread.ofVirtual().name(name).start(scraper));
    }
}
