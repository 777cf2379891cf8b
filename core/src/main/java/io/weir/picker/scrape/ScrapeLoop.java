package io.weir.picker.scrape;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * The thread that asks all servers. It waits for the first of: a server that is due, bytes from a
 * server, a task from another thread, and the next look at those that take too long.
 */
final class ScrapeLoop implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(ScrapeLoop.class);
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int CHECKS_PER_SILENCE = 4;

    private final ScrapeTimes times;
    private final LongSupplier nanoTime;
    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final Set<EndpointScraper> scrapers = new HashSet<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final byte[] bytes = new byte[BUFFER_BYTES];
    private long nextCheckNanos;
    private volatile boolean closed;

    private record Due(long nanos, EndpointScraper scraper) implements Comparable<Due> {

        @Override
        public int compareTo(Due other) {
            return Long.signum(nanos - other.nanos);
        }
    }

    ScrapeLoop(ScrapeTimes times, LongSupplier nanoTime) {
        this.times = times;
        this.nanoTime = nanoTime;
        this.nextCheckNanos = nanoTime.getAsLong();
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has the loop's thread run a task soon. Thread-safe. */
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Ends the loop and all connections. Thread-safe. */
    void close() {
        closed = true;
        selector.wakeup();
    }

    void add(EndpointScraper scraper) {
        scrapers.add(scraper);
        scraper.ask();
    }

    void remove(EndpointScraper scraper) {
        scrapers.remove(scraper);
        scraper.close();
    }

    /** Has a scraper ask its server again later. */
    void schedule(EndpointScraper scraper, long pauseNanos) {
        due.add(new Due(nanoTime() + pauseNanos, scraper));
    }

    /** Looks up a host name, which may block, elsewhere, and passes the answer to the loop. */
    void resolve(
            String host, BiConsumer<@Nullable InetAddress, @Nullable UnknownHostException> answer) {
        Thread.ofVirtual()
                .name("resolve-" + host)
                .start(() -> {
                    try {
                        InetAddress address = InetAddress.getByName(host);
                        execute(() -> answer.accept(address, null));
                    } catch (UnknownHostException e) {
                        execute(() -> answer.accept(null, e));
                    }
                });
    }

    /** Reads from a channel to {@link #bytes}; returns the number of bytes, or -1 at the end. */
    int read(@Nullable SocketChannel channel) throws IOException {
        if (channel == null) {
            return 0;
        }
        int read = channel.read(buffer.clear());
        if (read > 0) {
            buffer.flip().get(bytes, 0, read);
        }
        return read;
    }

    byte[] bytes() {
        return bytes;
    }

    Selector selector() {
        return selector;
    }

    ScrapeTimes times() {
        return times;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    @Override
    public void run() {
        while (!closed) {
            runTasks();
            long now = nanoTime();
            askDue(now);
            if (now - nextCheckNanos >= 0) {
                nextCheckNanos = now + times.silence().toNanos() / CHECKS_PER_SILENCE;
                checkTimes(now);
            }
            try {
                waitForSomething();
            } catch (IOException e) {
                log.atError().setCause(e).log("selector failed; servers are not asked any more");
                break;
            }
        }
        scrapers.forEach(EndpointScraper::close);
        closeSelector();
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void askDue(long now) {
        for (Due next = due.peek(); next != null && next.nanos - now <= 0; next = due.peek()) {
            due.remove();
            if (scrapers.contains(next.scraper)) {
                next.scraper.ask();
            }
        }
    }

    private void checkTimes(long now) {
        for (EndpointScraper scraper : scrapers) {
            scraper.checkTime(now);
        }
    }

    private void waitForSomething() throws IOException {
        if (scrapers.isEmpty()) {
            selector.select(ScrapeLoop::ready);
            return;
        }
        Due first = due.peek();
        long until = nextCheckNanos;
        if (first != null && first.nanos - until < 0) {
            until = first.nanos;
        }
        long nanos = until - nanoTime();
        // A timeout of 0 would mean for ever.
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
        if (nanos <= 0) {
            selector.selectNow(ScrapeLoop::ready);
        } else {
            selector.select(ScrapeLoop::ready, millis);
        }
    }

    private static void ready(SelectionKey key) {
        if (key.attachment() instanceof ServerConnection connection) {
            connection.ready();
        }
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("selector did not close");
        }
    }
}
