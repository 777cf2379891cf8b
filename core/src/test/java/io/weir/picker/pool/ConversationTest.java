package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.picked;
import static io.weir.picker.pool.PoolTesting.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;
import io.weir.picker.Reservation.End;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.SplittableRandom;

/** What a server is charged with when a prompt goes on after the server's own answer. */
class ConversationTest {

    private static final int ANSWER_TOKENS = 200;
    private static final int QUESTION_TOKENS = 40;

    private final PoolTesting testing = new PoolTesting();
    private final PoolPicker picker = testing.pool(1);

    @ParameterizedTest
    @ValueSource(ints = {160, 171, 1000, 5003, 40_001})
    void itsOwnAnswerIsNotNewToAServer(int firstTokens) {
        // Given
        byte[] text = text(firstTokens + ANSWER_TOKENS + QUESTION_TOKENS);
        ask(text, firstTokens).release(End.COMPLETED, ANSWER_TOKENS);

        // When
        ask(text, firstTokens + ANSWER_TOKENS + QUESTION_TOKENS);

        // Then it is charged with the question, to within the distance of places in the prompt
        long off = 32L + firstTokens / 64;
        assertThat(charged()).isBetween(Math.max(0, QUESTION_TOKENS - off), QUESTION_TOKENS + off);
    }

    @Test
    void anAnswerThatWasBrokenOffIsNew() {
        byte[] text = text(1000 + ANSWER_TOKENS);
        ask(text, 1000).release(End.CANCELLED, -1);

        ask(text, 1000 + ANSWER_TOKENS);

        assertThat(charged()).isGreaterThanOrEqualTo(ANSWER_TOKENS);
    }

    @Test
    void anAnswerOfUnknownLengthIsNew() {
        byte[] text = text(1000 + ANSWER_TOKENS);
        ask(text, 1000).release(End.COMPLETED, -1);

        ask(text, 1000 + ANSWER_TOKENS);

        assertThat(charged()).isGreaterThanOrEqualTo(ANSWER_TOKENS);
    }

    @Test
    void noMoreIsKnownThanThereIs() {
        byte[] text = text(1000 + ANSWER_TOKENS);
        ask(text, 1000).release(End.COMPLETED, 100_000);

        ask(text, 1000 + ANSWER_TOKENS);

        assertThat(charged()).isBetween(0L, 16L);
    }

    @Test
    void anotherPromptThatBeginsAlikeKnowsNothingOfTheAnswer() {
        byte[] text = text(1000);
        ask(text, 1000).release(End.COMPLETED, ANSWER_TOKENS);
        byte[] other = text.clone();
        Arrays.fill(other, 2000, 4000, (byte) 7);

        ask(other, 1000);

        assertThat(charged()).isBetween(500L, 516L);
    }

    @Test
    void aRestartedServerKnowsNoAnswers() {
        byte[] text = text(1000 + ANSWER_TOKENS);
        ask(text, 1000).release(End.COMPLETED, ANSWER_TOKENS);
        testing.watched.getFirst().forgetCache();

        ask(text, 1000 + ANSWER_TOKENS);

        assertThat(charged()).isEqualTo(1000 + ANSWER_TOKENS);
    }

    private Reservation ask(byte[] text, int tokens) {
        return picked(picker.pick(request(Arrays.copyOf(text, 4 * tokens))));
    }

    private long charged() {
        return testing.watched.getFirst().inFlight().prefillTokens();
    }

    private static byte[] text(int tokens) {
        byte[] text = new byte[4 * tokens];
        new SplittableRandom(5).nextBytes(text);
        return text;
    }
}
