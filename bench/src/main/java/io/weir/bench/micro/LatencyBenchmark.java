package io.weir.bench.micro;

import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.RequestDetails;
import io.weir.picker.RequestHeaders;
import io.weir.picker.Reservation.End;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One pick by predicted latencies, its reservation and its settlement, in a pool whose latencies
 * are known from 2,000 requests. 32 requests are in flight at any time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(1)
public class LatencyBenchmark {

    private static final int IN_FLIGHT = 32;
    private static final int LEARNED = 2000;
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final String RULES =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: predicted-latency-producer
            - type: latency-scorer
            schedulingProfiles:
            - name: default
              plugins: [{pluginRef: latency-scorer}]
            """;

    /** Servers in the pool. */
    @Param({"10", "100"})
    public int endpoints;

    /** Whether latencies are known, rather than queues and caches looked at instead. */
    @Param({"true", "false"})
    public boolean learned;

    private final PickResult[] inFlight = new PickResult[IN_FLIGHT];
    private final PickRequest request = request(500, false);
    private @Nullable PoolPicker picker;
    private long nanos = 1;
    private int next;

    /** Teaches the pool its latencies and gets the first requests under way. */
    @Setup
    public void prepare() {
        PoolPicker pool =
                Pool.create(endpoints, new PickerSettings(RULES, "latency"), 6, () -> nanos);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; learned && i < LEARNED; i++) {
            teach(pool, random.nextInt(100, 2000));
        }
        for (int i = 0; i < IN_FLIGHT; i++) {
            inFlight[i] = pool.pick(request);
        }
        picker = pool;
    }

    private void teach(PoolPicker pool, int tokens) {
        if (pool.pick(request(tokens, true)) instanceof Picked(var reservation)) {
            nanos += 10 * MILLI + tokens * MILLI / 20;
            reservation.firstByte();
            nanos += 49 * 10 * MILLI;
            reservation.release(End.COMPLETED, 50);
        }
    }

    // Answers that come as a whole teach nothing: the model stays as it is.
    private static PickRequest request(int tokens, boolean streamed) {
        return PickRequest.forModel("llama")
                .prompt(List.of(), tokens)
                .details(new RequestDetails("", 0, 0, streamed, RequestHeaders.NONE, List.of()))
                .build();
    }

    /** Picks for the next request and ends the one that is under way for longest. */
    @Benchmark
    public PickResult pick() {
        PickResult result = Objects.requireNonNull(picker).pick(request);
        int place = next++ & (IN_FLIGHT - 1);
        if (inFlight[place] instanceof Picked(var reservation)) {
            reservation.release(End.COMPLETED, 100);
        }
        inFlight[place] = result;
        return result;
    }
}
