package io.weir.bench.compare;

import io.weir.bench.echo.EchoPlan;
import io.weir.bench.extproc.DirectPlan;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What is sent to a picker, and by what its cost is divided.
 *
 * @param title what it is called in results
 * @param streams requests under way at once
 * @param rate requests a second; 0 when each follows the last
 * @param promptBytes length of a prompt
 * @param chunks pieces of an answer; costs are per piece when there are several
 * @param chunkInterval time from a piece to the next
 * @param echo what is sent to an echo beside it; none where a rate would say nothing
 */
record DirectWork(
        String title,
        int streams,
        double rate,
        int promptBytes,
        int chunks,
        Duration chunkInterval,
        @Nullable Echo echo) {

    private static final int STREAMS = 100;
    private static final int HURRIED_STREAMS = 32;
    private static final int CHUNK_BYTES = 300;
    private static final Duration TOKEN = Duration.ofMillis(10);

    /** Messages of so many bytes at a rate per second. */
    record Echo(int bytes, double rate) {

        EchoPlan plan(InetSocketAddress address, Duration warmup, Duration duration) {
            return new EchoPlan(address, rate, bytes, warmup, duration);
        }
    }

    static List<DirectWork> all() {
        return List.of(
                new DirectWork("small request", 32, 0, 800, 1, TOKEN, null),
                new DirectWork(
                        "small request, 500/s", 1000, 500, 800, 1, TOKEN, new Echo(1000, 500)),
                new DirectWork(
                        "chunk of a stream with usage",
                        STREAMS,
                        0,
                        200,
                        100,
                        TOKEN,
                        new Echo(CHUNK_BYTES, 10_000)),
                new DirectWork(
                        "chunk, one every ms",
                        STREAMS,
                        0,
                        200,
                        100,
                        TOKEN.multipliedBy(10),
                        new Echo(CHUNK_BYTES, 1000)),
                new DirectWork(
                        "chunk, as fast as possible",
                        32,
                        0,
                        200,
                        1000,
                        Duration.ofNanos(100_000),
                        null),
                new DirectWork("220 KB prompt", 150, 0, 220_000, 1, TOKEN, new Echo(220_000, 450)),
                new DirectWork(
                        "220 KB prompt, 100/s",
                        1000,
                        100,
                        220_000,
                        1,
                        TOKEN,
                        new Echo(220_000, 100)));
    }

    /** Returns the same without pauses, to get the picker compiled. */
    DirectWork hurried() {
        return rate == 0
                ? this
                : new DirectWork(
                        title, HURRIED_STREAMS, 0, promptBytes, chunks, chunkInterval, echo);
    }

    DirectPlan plan(InetSocketAddress picker, boolean tls, Duration warmup, Duration duration) {
        return new DirectPlan(
                picker,
                tls,
                WeirGateway.TARGET_MODEL,
                1,
                streams,
                rate,
                promptBytes,
                chunks,
                chunkInterval,
                warmup,
                duration);
    }

    boolean perChunk() {
        return chunks > 1;
    }
}
