package io.weir.bench.micro;

import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.RequestDetails;
import io.weir.picker.RequestHeaders;
import io.weir.picker.Reservation.End;
import io.weir.picker.SentRequest;
import io.weir.picker.prefix.StoredBlocks;
import io.weir.picker.state.EndpointState;

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
 * One pick, its reservation and its settlement, by load and by what servers hold: as the picker
 * remembers what it sent, or as servers tell. Prompts are of 2 KB or 500 tokens; eight share their
 * first half, which three servers hold. 32 requests are in flight at any time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(1)
public class PrecisePickBenchmark {

    private static final int REQUESTS = 1024;
    private static final int SHARERS = 8;
    private static final int PROMPT_BYTES = 2000;
    private static final int BYTES_PER_TOKEN = 4;
    private static final int BLOCK_TOKENS = 16;
    private static final int HOLDERS = 3;
    private static final int IN_FLIGHT = 32;

    private static final String PROFILE =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: PRODUCER
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
    @Param({"10", "100"})
    public int endpoints;

    /** Who says what a server holds. */
    @Param({"approx-prefix-cache-producer", "precise-prefix-cache-producer"})
    public String producer = "";

    private final PickResult[] inFlight = new PickResult[IN_FLIGHT];
    private final PickRequest[] requests = new PickRequest[REQUESTS];
    private @Nullable PoolPicker picker;
    private int next;

    /** Fills the pool and the servers' caches, and gets the first requests under way. */
    @Setup
    public void prepare() {
        boolean isPrecise = producer.startsWith("precise");
        String text = PROFILE.replace("PRODUCER", producer);
        PickRequest[] prompts =
                Prompts.sharing(REQUESTS, PROMPT_BYTES, SHARERS, new SplittableRandom(2));
        for (int i = 0; i < REQUESTS; i++) {
            requests[i] = isPrecise ? withTokens(prompts[i]) : prompts[i];
        }
        PickerSettings settings = new PickerSettings(text, producer);
        picker =
                Pool.create(
                        endpoints,
                        settings,
                        1,
                        System::nanoTime,
                        (endpoint, number) -> {
                            if (isPrecise) {
                                fill(endpoint, number);
                            }
                        });
        for (int i = 0; i < IN_FLIGHT; i++) {
            inFlight[i] = picker.pick(requests[i]);
        }
    }

    private static PickRequest withTokens(PickRequest plain) {
        int[] tokens = new int[PROMPT_BYTES / BYTES_PER_TOKEN];
        plain.prompt().getFirst().slice().asIntBuffer().get(tokens);
        return PickRequest.forModel(plain.model())
                .prompt(plain.prompt(), tokens.length)
                .details(
                        new RequestDetails(
                                "",
                                0,
                                PROMPT_BYTES,
                                false,
                                RequestHeaders.NONE,
                                List.of(),
                                new Tokenized(tokens),
                                null))
                .build();
    }

    /** A request that brings its tokens, as those over gRPC do. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Tokenized(int[] tokens) implements SentRequest {

        @Override
        public String path() {
            return "/vllm.grpc.engine.VllmEngine/Generate";
        }

        @Override
        public List<ByteBuffer> body(@Nullable String model) {
            return List.of();
        }

        @Override
        public @Nullable String cacheSalt() {
            return null;
        }
    }

    private void fill(EndpointState endpoint, int number) {
        endpoint.blocks().told(true);
        endpoint.blocks().complete(true);
        for (int group = 0; group < REQUESTS / SHARERS; group++) {
            if (Math.floorMod(number - group, endpoints) < HOLDERS) {
                endpoint.blocks().stored(firstHalf(group));
            }
        }
    }

    private StoredBlocks firstHalf(int group) {
        int[] tokens =
                Objects.requireNonNull(
                        Objects.requireNonNull(requests[group * SHARERS].details().sent())
                                .tokens());
        int blocks = tokens.length / 2 / BLOCK_TOKENS;
        StoredBlocks event = new StoredBlocks();
        event.clear();
        event.blockTokens(BLOCK_TOKENS);
        for (int block = 0; block < blocks; block++) {
            event.addHash(1000L * group + block);
        }
        for (int i = 0; i < blocks * BLOCK_TOKENS; i++) {
            event.addToken(tokens[i]);
        }
        return event;
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
