package io.weir.bench.micro;

import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
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

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One pick, its reservation and its settlement. Prompts are of 2 KB; eight share their first half.
 * 32 requests are in flight at any time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(1)
public class PickBenchmark {

    private static final int REQUESTS = 1024;
    private static final int IN_FLIGHT = 32;
    private static final String REFERENCE =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: queue-scorer
            - type: kv-cache-utilization-scorer
            - type: prefix-cache-scorer
            schedulingProfiles:
            - name: default
              plugins:
              - {pluginRef: queue-scorer, weight: 2}
              - {pluginRef: kv-cache-utilization-scorer, weight: 2}
              - {pluginRef: prefix-cache-scorer, weight: 3}
            """;

    /** Servers in the pool. */
    @Param({"5", "25", "100", "1000"})
    public int endpoints;

    /** Weir's default profile, or queue, KV cache and prefix at 2, 2 and 3. */
    @Param({"default", "reference"})
    public String profile = "default";

    /** Bytes of a prompt; 0 for the pick without hashing. */
    @Param({"0", "2000"})
    public int promptBytes;

    private final PickResult[] inFlight = new PickResult[IN_FLIGHT];
    private PickRequest[] requests = {};
    private @Nullable PoolPicker picker;
    private int next;

    /** Fills the pool and gets the first requests under way. */
    @Setup
    public void prepare() {
        var settings =
                profile.equals("default")
                        ? PickerSettings.DEFAULT
                        : new PickerSettings(REFERENCE, "reference");
        picker = Pool.create(endpoints, settings, 1);
        requests = Prompts.sharing(REQUESTS, promptBytes, 8, new SplittableRandom(2));
        for (int i = 0; i < IN_FLIGHT; i++) {
            inFlight[i] = picker.pick(requests[i]);
        }
    }

    /** Picks for the next request and ends the one that is under way for longest. */
    @Benchmark
    public PickResult pick() {
        int number = next++;
        PickRequest request = requests[number & (REQUESTS - 1)];
        PickResult result = Objects.requireNonNull(picker).pick(request);
        int place = number & (IN_FLIGHT - 1);
        if (inFlight[place] instanceof Picked(var reservation)) {
            reservation.release(End.COMPLETED, 100);
        }
        inFlight[place] = result;
        return result;
    }
}
