package io.weir.picker.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AnswersTest {

    private static final long PROMPT = 0x1234_5678_9ABC_DEF0L;
    private static final int SERVER = 77;

    private final Answers answers = new Answers();

    @Test
    void anAnswerIsHeldBehindItsPromptByTheServerThatGaveIt() {
        answers.note(Answers.end(PROMPT, 9), SERVER, 300);

        assertThat(tokens(PROMPT, SERVER)).isEqualTo(309);
        assertThat(tokens(PROMPT, SERVER + 1)).isZero();
        assertThat(tokens(PROMPT ^ (1L << 60), SERVER)).isZero();
    }

    @Test
    void nothingIsKnownBeforeTheFirstAnswer() {
        assertThat(answers.after(PROMPT)).isZero();
    }

    @Test
    void whatIsNoAnswerIsNotNoted() {
        answers.note(Answers.end(PROMPT, 9), SERVER, 0);
        answers.note(Answers.end(PROMPT, 9), SERVER, -1);
        answers.note(0, SERVER, 300);

        assertThat(answers.after(PROMPT)).isZero();
        assertThat(answers.after(0)).isZero();
    }

    @Test
    void theLastServerToAnswerIsRemembered() {
        answers.note(Answers.end(PROMPT, 0), SERVER, 300);
        answers.note(Answers.end(PROMPT, 0), SERVER + 1, 200);

        assertThat(tokens(PROMPT, SERVER)).isZero();
        assertThat(tokens(PROMPT, SERVER + 1)).isEqualTo(200);
    }

    @Test
    void longAnswersCountAsTheLongestThatFitIntoASlot() {
        answers.note(Answers.end(PROMPT, Long.MAX_VALUE), SERVER, Long.MAX_VALUE >> 1);

        assertThat(tokens(PROMPT, SERVER)).isEqualTo((1 << 20) - 1);
    }

    @Test
    void aLaterPromptReplacesAnEarlierOneOnTheSameSlot() {
        long other = PROMPT + ((long) Answers.SLOTS << 32);
        answers.note(Answers.end(PROMPT, 0), SERVER, 300);
        answers.note(Answers.end(other, 0), SERVER, 200);

        assertThat(answers.after(PROMPT)).isZero();
        assertThat(tokens(other, SERVER)).isEqualTo(200);
    }

    private long tokens(long hash, int server) {
        return Answers.tokens(answers.after(hash), server);
    }
}
