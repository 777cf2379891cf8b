package io.weir.picker.tokens;

import io.weir.picker.Endpoint;
import io.weir.picker.flow.Alarm;
import io.weir.picker.prefix.TokenChain;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Finds out the tokens of prompts for one pool. Thread-safe; blocks nobody. */
public final class PromptTokenizer {

    private static final Logger log = LoggerFactory.getLogger(PromptTokenizer.class);

    private static final long MOST_OPEN_BYTES = 64L << 20;

    private final TokenClient client;
    private final Alarm alarm;
    private final LongSupplier nanoTime;
    private final TokenMemory memory = new TokenMemory();
    private final Map<TokenQuestion.Key, CompletableFuture<TokenChain>> open =
            new ConcurrentHashMap<>();
    private final AtomicInteger openQuestions = new AtomicInteger();
    private final AtomicLong openBytes = new AtomicLong();
    private final Patience patience = new Patience();
    private final TokenCounts counts = new TokenCounts();

    /** Waits for tokens. */
    @FunctionalInterface
    public interface Asker {

        /**
         * Goes on; on any thread, with or without tokens.
         *
         * @return false when it went on before
         */
        boolean proceed(@Nullable TokenChain tokens);
    }

    public PromptTokenizer(TokenClient client, Alarm alarm, LongSupplier nanoTime) {
        this.client = client;
        this.alarm = alarm;
        this.nanoTime = nanoTime;
    }

    /** Returns what became of questions. */
    public TokenCounts counts() {
        return counts;
    }

    /** Returns the answer if it is remembered. */
    public @Nullable TokenChain remembered(TokenQuestion question) {
        return memory.get(question.key());
    }

    /**
     * Asks, unless that is not worth it now.
     *
     * @param server the server of the pool that is asked
     * @param asker is told once the answer is there or the budget is used up
     * @return whether somebody was asked
     */
    public boolean ask(TokenQuestion question, Endpoint server, Asker asker) {
        CompletableFuture<TokenChain> answer = open.get(question.key());
        if (answer == null) {
            answer = begin(question, server);
        }
        if (answer == null) {
            counts.notAsked.increment();
            return false;
        }
        answer.whenComplete((tokens, failure) -> answered(asker, tokens, failure));
        if (!answer.isDone()) {
            alarm.after(question.how().budget().toNanos(), () -> late(asker));
        }
        return true;
    }

    private @Nullable CompletableFuture<TokenChain> begin(TokenQuestion question, Endpoint server) {
        if (!patience.isAsking(nanoTime.getAsLong())) {
            return null;
        }
        if (!open(question)) {
            return null;
        }
        CompletableFuture<TokenChain> answer = new CompletableFuture<>();
        CompletableFuture<TokenChain> present = open.putIfAbsent(question.key(), answer);
        if (present != null) {
            close(question);
            return present;
        }
        client.ask(
                        question.uri(server),
                        question.bytes(),
                        question.authorization(),
                        question.how().timeout())
                .whenComplete((tokens, failure) -> end(question, answer, tokens, failure));
        return answer;
    }

    private void end(
            TokenQuestion question,
            CompletableFuture<TokenChain> answer,
            @Nullable TokenList tokens,
            @Nullable Throwable failure) {
        close(question);
        if (tokens == null) {
            open.remove(question.key());
            Throwable cause = failure == null ? new IOException("no answer") : cause(failure);
            failed(cause);
            answer.completeExceptionally(cause);
            return;
        }
        TokenChain chain =
                TokenChain.of(
                        tokens.ids(),
                        tokens.count(),
                        question.adapter(),
                        question.cacheSalt(),
                        question.blockTokens(),
                        question.maxBlocks());
        memory.put(question.key(), chain);
        open.remove(question.key());
        answer.complete(chain);
    }

    /** Returns whether there is room for one more question. */
    private boolean open(TokenQuestion question) {
        int questions = openQuestions.incrementAndGet();
        long bytes = openBytes.addAndGet(question.key().bytes());
        if (questions > question.how().mostOpen() || bytes > MOST_OPEN_BYTES) {
            close(question);
            return false;
        }
        return true;
    }

    private void close(TokenQuestion question) {
        openQuestions.decrementAndGet();
        openBytes.addAndGet(-question.key().bytes());
    }

    private void failed(Throwable cause) {
        boolean aboutRequest =
                cause instanceof TokenClient.RefusedException refused
                        && refused.isAboutTheRequest();
        if (!aboutRequest) {
            patience.failed(nanoTime.getAsLong());
        }
        log.atDebug().addKeyValue("problem", cause).log("a prompt's tokens are not told");
    }

    private void answered(Asker asker, @Nullable TokenChain tokens, @Nullable Throwable failure) {
        if (!asker.proceed(failure == null ? tokens : null)) {
            return;
        }
        if (failure == null) {
            patience.inTime();
            counts.inTime.increment();
        } else {
            counts.failed.increment();
        }
    }

    private void late(Asker asker) {
        if (asker.proceed(null)) {
            counts.late.increment();
            patience.failed(nanoTime.getAsLong());
        }
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof TokenClient.RefusedException)) {
            cause = cause.getCause();
        }
        return cause;
    }
}
