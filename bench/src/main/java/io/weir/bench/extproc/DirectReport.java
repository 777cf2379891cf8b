package io.weir.bench.extproc;

import io.weir.bench.load.Latencies;

import java.util.Map;
import java.util.TreeMap;

/** What was measured; filled by one event loop. Times are in microseconds. */
public final class DirectReport {

    private final Latencies pick = new Latencies();
    private final Latencies chunk = new Latencies();
    private final Map<String, Long> failures = new TreeMap<>();
    private long requests;
    private long replies;
    private long elapsedNanos;

    void picked(long nanos) {
        pick.record(nanos);
    }

    void passed(long nanos) {
        chunk.record(nanos);
    }

    void replied() {
        replies++;
    }

    void finished() {
        requests++;
    }

    void failed(String reason) {
        failures.merge(reason, 1L, Long::sum);
    }

    void lasted(long nanos) {
        elapsedNanos = nanos;
    }

    /** Returns how many requests were served to the end. */
    public long requests() {
        return requests;
    }

    /** Returns how many pieces of answers came back. */
    public long chunks() {
        return chunk.count();
    }

    /** Returns how many messages the picker sent. */
    public long replies() {
        return replies;
    }

    /** Returns the number of failures by reason. */
    public Map<String, Long> failures() {
        return Map.copyOf(failures);
    }

    /** Returns served requests per second. */
    public double requestsPerSecond() {
        return elapsedNanos == 0 ? 0 : requests * 1e9 / elapsedNanos;
    }

    /** Returns pieces of answers per second. */
    public double chunksPerSecond() {
        return elapsedNanos == 0 ? 0 : chunks() * 1e9 / elapsedNanos;
    }

    /** Returns a percentile of the time from a request's first message to its destination. */
    public long pickMicros(double percentile) {
        return pick.micros(percentile);
    }

    /** Returns a percentile of the time for which a piece of an answer was away. */
    public long chunkMicros(double percentile) {
        return chunk.micros(percentile);
    }
}
