package io.weir.bench.micro;

import io.weir.picker.flow.Alarm;
import io.weir.picker.flow.FlowControl;
import io.weir.picker.flow.FlowObserver;
import io.weir.picker.flow.Gate;
import io.weir.picker.flow.Waiting;
import io.weir.picker.plugin.FlowPolicy;
import io.weir.picker.setup.FlowControlSettings;
import io.weir.picker.setup.FlowControlSettings.Band;

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

import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One request that is answered, one that gets its turn because of it, and one that gets into line.
 * A thousand are in line at any time; few clients ask often, many seldom (Zipf, exponent 1.1).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(1)
public class FlowBenchmark {

    private static final int CAPACITY = 64;
    private static final int IN_LINE = 1000;
    private static final int ASKERS = 1 << 14;
    private static final double ZIPF = 1.1;

    /** Clients that are treated as fairly as each other. */
    @Param({"10", "5000"})
    public int flows;

    /** Priorities. */
    @Param({"1", "8"})
    public int bands;

    private final String[] askers = new String[ASKERS];
    private final int[] priorities = new int[ASKERS];
    private final Places gate = new Places();
    private @Nullable FlowControl control;
    private int next;

    /** So many places. */
    private static final class Places implements Gate {

        private int taken;

        @Override
        public double saturation(long unplacedRequests, long unplacedTokens) {
            return (double) (taken + unplacedRequests) / CAPACITY;
        }

        @Override
        public boolean isEmpty() {
            return false;
        }

        @Override
        public long lagNanos() {
            return 0;
        }
    }

    /** Takes its place as soon as it may. */
    private final class Request extends Waiting implements Runnable {

        Request(int priority, String fairnessId) {
            super(priority, fairnessId, 1000, 250, Long.MAX_VALUE);
        }

        @Override
        public String model() {
            return "llama";
        }

        @Override
        public void run() {
            FlowControl line = Objects.requireNonNull(control);
            if (line.claim(this)) {
                gate.taken++;
                line.placed(this);
            }
        }
    }

    /** Fills the places and the line. */
    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(4);
        double[] shares = shares();
        for (int i = 0; i < ASKERS; i++) {
            askers[i] = "client-" + draw(shares, random.nextDouble());
            priorities[i] = random.nextInt(bands);
        }
        control = new FlowControl(gate, Alarm.NONE, System::nanoTime, FlowObserver.NONE);
        control.configure(rules());
        for (int i = 0; i < CAPACITY + IN_LINE; i++) {
            enter();
        }
    }

    private static FlowControlSettings rules() {
        Band band =
                new Band(
                        0,
                        0,
                        new FlowPolicy.Fairness.RoundRobin(),
                        new FlowPolicy.Ordering.FirstCome());
        Duration ttl = Duration.ofHours(1);
        return new FlowControlSettings(
                true,
                0,
                0,
                ttl,
                ttl,
                band,
                band,
                new TreeMap<>(),
                new FlowPolicy.UsageLimit.Fixed(1),
                true);
    }

    private double[] shares() {
        double[] upTo = new double[flows];
        double sum = 0;
        for (int i = 0; i < flows; i++) {
            sum += Math.pow(i + 1, -ZIPF);
            upTo[i] = sum;
        }
        for (int i = 0; i < flows; i++) {
            upTo[i] /= sum;
        }
        return upTo;
    }

    private static int draw(double[] upTo, double at) {
        int drawn = 0;
        while (drawn < upTo.length - 1 && upTo[drawn] < at) {
            drawn++;
        }
        return drawn;
    }

    private Request enter() {
        int number = next++ & (ASKERS - 1);
        Request request = new Request(priorities[number], askers[number]);
        FlowControl line = Objects.requireNonNull(control);
        line.enter(request);
        request.whenOver(request);
        return request;
    }

    /** Answers one, lets one go, and gets one into line. */
    @Benchmark
    public Waiting dispatch() {
        gate.taken--;
        Objects.requireNonNull(control).eased();
        return enter();
    }
}
