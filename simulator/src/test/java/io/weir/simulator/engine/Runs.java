package io.weir.simulator.engine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Sequences in one engine and virtual time. */
final class Runs {

    private static final double MILLI = 1e6;

    final VirtualTime time = new VirtualTime();
    final Engine engine;
    private final int blockTokens;

    Runs(EngineProfile profile, int maxAdapters, long seed) {
        engine = Engine.of(profile, maxAdapters, seed);
        blockTokens = profile.blockTokens();
        time.add(engine);
    }

    Runs(EngineProfile profile) {
        this(profile, 4, 1);
    }

    /** The 8B model without noise. */
    static EngineProfile quiet() {
        StepLatency latency = (StepLatency) EngineProfile.LLAMA_8B_H100.latency();
        return EngineProfile.LLAMA_8B_H100.withLatency(latency.withoutNoise());
    }

    /** What a listener heard of one sequence. */
    static final class Heard {
        final List<Long> atNanos = new ArrayList<>();
        boolean complete;
        @Nullable EngineTask task;

        EngineTask task() {
            if (task == null) {
                throw new IllegalStateException("not submitted");
            }
            return task;
        }

        int tokens() {
            return atNanos.size();
        }

        double firstMillis() {
            return (atNanos.getFirst() - task().submittedNanos()) / MILLI;
        }

        double gapMillis(int token) {
            return (atNanos.get(token) - atNanos.get(token - 1)) / MILLI;
        }

        double meanGapMillis() {
            return (atNanos.getLast() - atNanos.getFirst()) / MILLI / (atNanos.size() - 1);
        }
    }

    Heard submit(EngineRequest request) {
        Heard heard = new Heard();
        heard.task =
                engine.submit(
                        request,
                        (task, count, last) -> {
                            for (int i = 0; i < count; i++) {
                                heard.atNanos.add(time.nowNanos());
                            }
                            heard.complete = last;
                        },
                        time.nowNanos());
        return heard;
    }

    /** Submits a sequence that shares its prefix with those of the same content. */
    Heard submit(int promptTokens, int outputTokens, long content) {
        return submit(request(promptTokens, outputTokens, content, null));
    }

    EngineRequest request(
            int promptTokens, int outputTokens, long content, @Nullable String adapter) {
        SplittableRandom random = new SplittableRandom(content);
        long[] hashes = random.longs((promptTokens + outputTokens) / blockTokens).toArray();
        return new EngineRequest(promptTokens, outputTokens, hashes, adapter);
    }
}
