package io.weir.bench.score;

import io.weir.simulator.engine.EngineCounters;
import io.weir.simulator.engine.EngineTask;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** Counts what comes of the requests of a run that count. */
final class Tally {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final int BURST = 100;
    private static final int DECODE_WEIGHT = 4;

    private final Workload workload;
    private final long missesToStop;
    private final Answers answers;
    private boolean counting;
    private long pending;
    private long generatedAtBegin;
    private long generatedAtEnd;
    private long[] workAtBegin = {};
    private long[] workAtEnd = {};
    private long burstNanos = -1;
    private int[] burst = {};
    private double burstImbalance;

    Tally(Workload workload, long missesToStop) {
        this.workload = workload;
        this.answers = new Answers(workload.slo());
        this.missesToStop = missesToStop;
    }

    void begin(List<Server> servers) {
        counting = true;
        workAtBegin = work(servers);
        generatedAtBegin = generated(servers);
    }

    void end(List<Server> servers) {
        counting = false;
        workAtEnd = work(servers);
        generatedAtEnd = generated(servers);
    }

    boolean isCounting() {
        return counting;
    }

    /** Returns whether requests that count are not answered yet. */
    boolean isWaiting() {
        return pending > 0;
    }

    /** Returns whether more requests than may have missed their limits. */
    boolean isHopeless() {
        return answers.missed() > missesToStop;
    }

    void refused(boolean counts) {
        if (counts) {
            answers.sent();
            answers.refused();
        }
    }

    void sent(boolean counts, Server server, int servers, long nowNanos) {
        if (counts) {
            answers.sent();
            pending++;
            atOnce(Server.number(server.endpoint), servers, nowNanos);
        }
    }

    void done(boolean counts, EngineTask task) {
        if (!counts) {
            return;
        }
        pending--;
        double first = (task.firstTokenNanos() - task.submittedNanos()) / NANOS_PER_MILLI;
        double rest = (task.lastTokenNanos() - task.firstTokenNanos()) / NANOS_PER_MILLI;
        double perToken = rest / Math.max(1, task.generatedTokens() - 1);
        answers.answered(task.request().promptTokens(), task.cachedTokens(), first, perToken);
    }

    Outcome outcome(double rate, List<Server> servers) {
        endBurst();
        return answers.outcome(
                rate,
                new Answers.OfServers(
                        (generatedAtEnd - generatedAtBegin) / workload.seconds(),
                        variation(),
                        burstImbalance,
                        counters(servers, EngineCounters::preemptions),
                        counters(servers, EngineCounters::adapterLoads)));
    }

    /** Looks how evenly requests that come at the same moment are spread. */
    private void atOnce(int server, int servers, long nowNanos) {
        if (nowNanos != burstNanos) {
            endBurst();
            burstNanos = nowNanos;
            burst = new int[servers];
        }
        burst[server]++;
    }

    private void endBurst() {
        int sum = Arrays.stream(burst).sum();
        if (sum >= BURST) {
            double most = Arrays.stream(burst).max().orElse(0);
            burstImbalance = Math.max(burstImbalance, most * burst.length / sum);
        }
    }

    /** Returns the coefficient of variation of the servers' work. */
    private double variation() {
        double sum = 0;
        double squares = 0;
        int count = Math.min(workAtBegin.length, workAtEnd.length);
        for (int i = 0; i < count; i++) {
            double tokens = workAtEnd[i] - workAtBegin[i];
            sum += tokens;
            squares += tokens * tokens;
        }
        double mean = sum / Math.max(1, count);
        return mean == 0 ? 0 : Math.sqrt(Math.max(0, squares / count - mean * mean)) / mean;
    }

    private static long[] work(List<Server> servers) {
        return servers.stream()
                .map(server -> server.engine.counters())
                .mapToLong(c -> c.prefillTokens() + DECODE_WEIGHT * c.generatedTokens())
                .toArray();
    }

    private static long generated(List<Server> servers) {
        return counters(servers, EngineCounters::generatedTokens);
    }

    private static long counters(List<Server> servers, ToLongFunction<EngineCounters> counter) {
        return servers.stream()
                .mapToLong(server -> counter.applyAsLong(server.engine.counters()))
                .sum();
    }
}
