package io.weir.bench.micro;

import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;
import io.weir.picker.Reservation.End;
import io.weir.picker.Ticket;

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

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * One request that is answered, one that is picked for because of it, and one that gets into line.
 * Every server has as many requests as it may have, and a hundred wait.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(1)
public class QueuedPickBenchmark {

    private static final int EACH = 8;
    private static final int IN_LINE = 100;
    private static final String RULES =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            featureGates: [flowControl]
            plugins:
            - type: concurrency-detector
              parameters: {maxConcurrency: 8}
            - type: active-request-scorer
            flowControl:
              saturationDetector: {pluginRef: concurrency-detector}
            schedulingProfiles:
            - name: default
              plugins: [{pluginRef: active-request-scorer}]
            """;

    /** Servers in the pool. */
    @Param({"10", "100"})
    public int endpoints;

    private final ArrayDeque<Reservation> running = new ArrayDeque<>();
    private final ArrayDeque<Ticket> waiting = new ArrayDeque<>();
    private final PickRequest request = PickRequest.forModel("llama").build();
    private @Nullable PoolPicker picker;

    /** Fills the servers and the line. */
    @Setup
    public void prepare() {
        picker = Pool.create(endpoints, new PickerSettings(RULES, "queued"), 5);
        for (int i = 0; i < endpoints * EACH + IN_LINE; i++) {
            ask();
        }
        if (waiting.size() != IN_LINE) {
            throw new IllegalStateException(waiting.size() + " wait");
        }
    }

    private PickResult ask() {
        PickResult result = Objects.requireNonNull(picker).pick(request);
        switch (result) {
            case PickResult.Picked(Reservation reservation) -> running.add(reservation);
            case PickResult.Queued(Ticket ticket) -> waiting.add(ticket);
            case PickResult.Refused refused -> throw new IllegalStateException(refused.message());
        }
        return result;
    }

    /** Answers one, picks for the one whose turn it is, and gets one into line. */
    @Benchmark
    public PickResult answerTakeAndAsk() {
        running.remove().release(End.COMPLETED, 100);
        PickResult turn = waiting.remove().take();
        if (turn instanceof PickResult.Picked(Reservation reservation)) {
            running.add(reservation);
        }
        return ask();
    }
}
