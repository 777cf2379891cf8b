package io.weir.bench.compare;

import io.weir.bench.load.LoadPlan;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** What is sent in a comparison, and what is compared. */
public enum Workload {
    /** Small unary chat requests in closed loop. */
    UNARY("small unary chat request", "CPU us/request", false) {
        @Override
        LoadPlan plan(InetSocketAddress target, Duration warmup, Duration duration) {
            return closedLoop(
                    target, LoadPlan.chatBody(model(), 800, 16, false), 32, warmup, duration);
        }
    },
    /** Streams of a hundred chunks each, many at a time. */
    STREAM("relayed SSE chunk", "CPU us/chunk", true) {
        @Override
        LoadPlan plan(InetSocketAddress target, Duration warmup, Duration duration) {
            return closedLoop(
                    target, LoadPlan.chatBody(model(), 200, 100, true), 100, warmup, duration);
        }
    },
    /** Prompts of 220 KB in closed loop. */
    LONG_PROMPT("220 KB prompt", "CPU us/request", false) {
        @Override
        LoadPlan plan(InetSocketAddress target, Duration warmup, Duration duration) {
            return closedLoop(
                    target, LoadPlan.chatBody(model(), 220_000, 16, false), 16, warmup, duration);
        }
    };

    private final String title;
    private final String unit;
    private final boolean perChunk;

    Workload(String title, String unit, boolean perChunk) {
        this.title = title;
        this.unit = unit;
        this.perChunk = perChunk;
    }

    abstract LoadPlan plan(InetSocketAddress target, Duration warmup, Duration duration);

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    double measure(Round round) {
        return perChunk ? round.cpuMicrosPerChunk() : round.cpuMicrosPerRequest();
    }

    private static String model() {
        return WeirGateway.ALIAS;
    }

    private static LoadPlan closedLoop(
            InetSocketAddress target,
            byte[] body,
            int connections,
            Duration warmup,
            Duration duration) {
        return new LoadPlan(
                target, "/v1/chat/completions", List.of(body), connections, 0, warmup, duration, 0);
    }
}
