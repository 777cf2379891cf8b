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

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * One pick of a stream by the affinity filter, which goes by the predicted time to the first token
 * of every endpoint, its reservation and its end. Prompts are of 2 KB; eight share their first
 * half. Steps are known from fifty streams of each endpoint; 32 are in flight at any time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(1)
public class AffinityBenchmark {

    private static final int REQUESTS = 1024;
    private static final int IN_FLIGHT = 32;
    private static final int PROMPT_BYTES = 2000;
    private static final int LEARNED_EACH = 50;
    private static final String RULES =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: predicted-latency-producer
            - type: prefix-cache-affinity-filter
              parameters: {ttftSource: SOURCE, affinityThreshold: 0.4, explorationProbability: 0}
            - type: latency-scorer
            schedulingProfiles:
            - name: default
              plugins: [{pluginRef: prefix-cache-affinity-filter}, {pluginRef: latency-scorer}]
            """;

    /** Servers in the pool. */
    @Param({"10", "100"})
    public int endpoints;

    /** Where the filter has the time to the first token from. */
    @Param({"latencyPredictor", "prefillThroughput"})
    public String ttftSource = "latencyPredictor";

    private final PickResult[] inFlight = new PickResult[IN_FLIGHT];
    private PickRequest[] requests = {};
    private @Nullable PoolPicker picker;
    private int next;

    /** Teaches the pool its servers' steps and gets the first requests under way. */
    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(8);
        SteppedServers servers = new SteppedServers(random);
        PickerSettings settings =
                new PickerSettings(RULES.replace("SOURCE", ttftSource), "affinity");
        PoolPicker pool = Pool.create(endpoints, settings, 9, servers::nanos);
        servers.serve(
                pool,
                endpoints,
                LEARNED_EACH * endpoints,
                () -> streamed(Prompts.text(PROMPT_BYTES, random), random.nextLong(100, 2000)));
        requests = new PickRequest[REQUESTS];
        PickRequest[] sharing = Prompts.sharing(REQUESTS, PROMPT_BYTES, 8, random);
        for (int i = 0; i < REQUESTS; i++) {
            requests[i] = streamed(sharing[i].prompt(), PROMPT_BYTES / 4);
        }
        for (int i = 0; i < IN_FLIGHT; i++) {
            inFlight[i] = pool.pick(requests[i]);
        }
        picker = pool;
    }

    private static PickRequest streamed(byte[] prompt, long tokens) {
        return streamed(List.of(ByteBuffer.wrap(prompt)), tokens);
    }

    private static PickRequest streamed(List<ByteBuffer> prompt, long tokens) {
        return PickRequest.forModel("llama")
                .prompt(prompt, tokens)
                .details(new RequestDetails("", 0, 0, true, RequestHeaders.NONE, List.of()))
                .build();
    }

    /**
     * Picks for the next request and breaks off the one that is under way for longest, which
     * teaches nothing: the model stays as it is.
     */
    @Benchmark
    public PickResult pick() {
        int number = next++;
        PickResult result = Objects.requireNonNull(picker).pick(requests[number & (REQUESTS - 1)]);
        int place = number & (IN_FLIGHT - 1);
        if (inFlight[place] instanceof Picked(var reservation)) {
            reservation.release(End.CANCELLED, 0);
        }
        inFlight[place] = result;
        return result;
    }
}
