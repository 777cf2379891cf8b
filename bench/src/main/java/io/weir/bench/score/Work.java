package io.weir.bench.score;

import io.weir.simulator.engine.EngineRequest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * One request.
 *
 * @param prompt what is asked
 * @param answer what the model will say
 * @param adapter LoRA adapter; null for the base model
 * @param pauseNanos time between the end of the request before it in its session and this one
 */
record Work(List<Segment> prompt, Segment answer, @Nullable String adapter, long pauseNanos) {

    Work {
        prompt = List.copyOf(prompt);
    }

    static Work of(List<Segment> prompt, Segment answer) {
        return new Work(prompt, answer, null, 0);
    }

    int promptTokens() {
        return Text.tokens(prompt);
    }

    EngineRequest forEngine(int blockTokens) {
        List<Segment> all = new ArrayList<>(prompt);
        all.add(answer);
        return new EngineRequest(
                promptTokens(), answer.tokens(), Text.hashes(all, blockTokens), adapter);
    }
}
