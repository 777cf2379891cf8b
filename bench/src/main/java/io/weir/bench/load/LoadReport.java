package io.weir.bench.load;

import java.util.Map;
import java.util.TreeMap;

/**
 * What was measured; filled by one event loop.
 *
 * <p>Times are in microseconds. A request is counted when its answer is complete.
 */
public final class LoadReport {

    private final Latencies latency = new Latencies();
    private final Latencies firstByte = new Latencies();
    private final Map<String, Long> failures = new TreeMap<>();
    private long requests;
    private long chunks;
    private long bytes;
    private long elapsedNanos;

    void answered(long dueNanos, long firstByteNanos, long endNanos, long answerChunks) {
        requests++;
        chunks += answerChunks;
        latency.record(endNanos - dueNanos);
        firstByte.record(firstByteNanos - dueNanos);
    }

    void failed(String reason) {
        failures.merge(reason, 1L, Long::sum);
    }

    void received(long answerBytes) {
        bytes += answerBytes;
    }

    void finished(long nanos) {
        elapsedNanos = nanos;
    }

    /** Returns how many requests were answered with a 2xx status. */
    public long requests() {
        return requests;
    }

    /** Returns how many pieces of answers arrived, as the server or proxy flushed them. */
    public long chunks() {
        return chunks;
    }

    /** Returns bytes of answers. */
    public long bytes() {
        return bytes;
    }

    /** Returns the number of failures by status or exception. */
    public Map<String, Long> failures() {
        return Map.copyOf(failures);
    }

    /** Returns answered requests per second. */
    public double requestsPerSecond() {
        return elapsedNanos == 0 ? 0 : requests * 1e9 / elapsedNanos;
    }

    /** Returns a percentile of the time to the last byte, in microseconds. */
    public long latencyMicros(double percentile) {
        return latency.micros(percentile);
    }

    /** Returns a percentile of the time to the first byte, in microseconds. */
    public long firstByteMicros(double percentile) {
        return firstByte.micros(percentile);
    }

    /** Returns the report as a few lines of text. */
    @Override
    public String toString() {
        return """
        requests   %d (%.0f/s), chunks %d, failures %s
        first byte p50 %d us, p90 %d us, p99 %d us
        last byte  p50 %d us, p90 %d us, p99 %d us\
        """
                .formatted(
                        requests,
                        requestsPerSecond(),
                        chunks,
                        failures,
                        firstByteMicros(50),
                        firstByteMicros(90),
                        firstByteMicros(99),
                        latencyMicros(50),
                        latencyMicros(90),
                        latencyMicros(99));
    }
}
