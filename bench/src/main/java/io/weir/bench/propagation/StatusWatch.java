package io.weir.bench.propagation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Sees the objects of one kind change, and when. A thread of its own reads. */
final class StatusWatch implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final InputStream stream;
    private final List<Seen> seen = new ArrayList<>();
    private long events;

    private StatusWatch(InputStream stream) {
        this.stream = stream;
    }

    static StatusWatch open(ApiConnection api, String collection) throws IOException {
        StatusWatch watch = new StatusWatch(api.watch(collection));
        Thread.ofPlatform().daemon().name("watch").start(watch::read);
        return watch;
    }

    private void read() {
        try (var reader =
                new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                long now = System.nanoTime();
                add(new Seen(now, JSON.readTree(line).path("object")));
            }
        } catch (IOException e) {
            // The watch has been closed, or the wait for its next event will say so.
        }
    }

    private synchronized void add(Seen event) {
        seen.add(event);
        events++;
        notifyAll();
    }

    /** Forgets what has been seen. */
    synchronized void forget() {
        seen.clear();
    }

    /** Returns how many events there have been. */
    synchronized long events() {
        return events;
    }

    /**
     * Waits for an object to be as it should.
     *
     * @return when it first was since {@link #forget}, as {@link System#nanoTime}
     */
    synchronized long await(String name, Predicate<JsonNode> wanted, long deadlineNanos)
            throws InterruptedException {
        int next = 0;
        while (true) {
            for (; next < seen.size(); next++) {
                Seen event = seen.get(next);
                boolean same = event.object.at("/metadata/name").asText().equals(name);
                if (same && wanted.test(event.object)) {
                    return event.nanoTime;
                }
            }
            long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new IllegalStateException("the status of " + name + " was not written");
            }
            wait(millis);
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    private record Seen(long nanoTime, JsonNode object) {}
}
