package io.weir.simulator;

import io.weir.simulator.engine.Engine;
import io.weir.simulator.engine.Sequence;

import org.jspecify.annotations.Nullable;

import java.util.SplittableRandom;

/**
 * The tokens of one request as they come out. Belongs to the request's thread; closing it takes the
 * request out of the engine.
 */
final class Generation implements AutoCloseable {

    private final @Nullable EngineRunner runner;
    private final @Nullable Sequence sequence;
    private final TokenMailbox mailbox;
    private final int length;
    private int taken;

    private Generation(
            @Nullable EngineRunner runner,
            @Nullable Sequence sequence,
            TokenMailbox mailbox,
            int length) {
        this.runner = runner;
        this.sequence = sequence;
        this.mailbox = mailbox;
        this.length = length;
    }

    /**
     * Starts a request.
     *
     * @param runner the engine; null when answers are complete at once
     * @param request the request
     * @param adapter the adapter; null for the base model
     * @param length tokens of the answer
     */
    static Generation start(
            @Nullable EngineRunner runner,
            CompletionRequest request,
            @Nullable String adapter,
            int length) {
        var mailbox = new TokenMailbox(Thread.currentThread());
        if (runner == null) {
            return new Generation(null, null, mailbox, length);
        }
        long seed = adapter == null ? 1 : adapter.hashCode();
        int[] tokens = request.promptTokens();
        var sequence =
                new Sequence(
                        Engine.blockHashes(tokens, seed), tokens.length, length, adapter, mailbox);
        runner.submit(sequence);
        return new Generation(runner, sequence, mailbox, length);
    }

    /** Returns how many tokens an answer has: as asked, or by chance. */
    static int length(CompletionRequest request, int room, SplittableRandom random) {
        int most = request.maxTokens() < 0 ? room : Math.min(room, request.maxTokens());
        if (request.ignoreEos() && request.maxTokens() > 0) {
            return most;
        }
        if (request.maxTokens() < 0) {
            long drawn = Math.round(40 + 20 * random.nextGaussian());
            return Math.clamp(drawn, 1, most);
        }
        return Math.clamp(bucket(most, random), 1, most);
    }

    /** Six parts of the allowed length with 20, 30, 20, 5, 10 and 15 percent of the answers. */
    private static long bucket(int most, SplittableRandom random) {
        double[] upTo = {0.20, 0.50, 0.70, 0.75, 0.85, 1.0};
        double draw = random.nextDouble();
        int bucket = 0;
        while (bucket < upTo.length - 1 && draw >= upTo[bucket]) {
            bucket++;
        }
        return Math.round(most * (bucket + random.nextDouble()) / upTo.length) + 1;
    }

    int length() {
        return length;
    }

    boolean done() {
        return taken >= length;
    }

    /** Waits for the next tokens and returns how many there are now. */
    int await() throws InterruptedException, HttpError {
        taken = runner == null ? taken + 1 : mailbox.await(taken);
        if (taken < 0) {
            taken = length;
            throw HttpError.badRequest(
                    "The request needs more tokens than the KV cache holds.", "messages");
        }
        return Math.min(taken, length);
    }

    /** Waits for the whole answer. */
    void awaitAll() throws InterruptedException, HttpError {
        if (runner == null) {
            taken = length;
        }
        while (!done()) {
            await();
        }
    }

    int cachedTokens() {
        return sequence == null ? 0 : sequence.cachedTokens();
    }

    @Override
    public void close() {
        if (runner != null && sequence != null && !done()) {
            runner.cancel(sequence);
        }
    }
}
