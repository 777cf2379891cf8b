package io.weir.config;

import io.weir.config.ProblemLog.Finding;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * A result with everything that it was made of, so that it is made again only when something of
 * that changed.
 *
 * @param subject what the result is about
 * @param result the result
 * @param reads what was asked on the way, and the answers
 * @param findings problems that were found on the way
 */
record Memo<S, R>(S subject, R result, List<Read> reads, List<Finding> findings) {

    /** Returns whether two things are one: what is kept, is kept as it is. */
    @SuppressWarnings("ReferenceEquality")
    static boolean same(@Nullable Object a, @Nullable Object b) {
        return a == b;
    }

    /** Returns whether the result would come out the same again. */
    boolean holds(S now, Facts facts) {
        if (!Objects.equals(subject, now)) {
            return false;
        }
        for (Read read : reads) {
            if (!read.holds(facts)) {
                return false;
            }
        }
        return true;
    }

    /**
     * A question and its answer.
     *
     * @param question the question
     * @param answer the answer; null when there was none
     */
    record Read(Question<?> question, @Nullable Object answer) {
        boolean holds(Facts facts) {
            return Objects.equals(question.answer(facts), answer);
        }
    }
}
