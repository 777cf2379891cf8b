package io.weir.bench.score;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class TextTest {

    private static final Segment SYSTEM = new Segment(1, 100);
    private static final Segment QUESTION = new Segment(2, 60);

    @Test
    void textsHaveTheSameHashesAsFarAsTheyAreTheSame() {
        // When
        long[] one = Text.hashes(List.of(SYSTEM, QUESTION), 16);
        long[] other = Text.hashes(List.of(SYSTEM, new Segment(3, 60)), 16);

        // Then: the sixth block ends within the system prompt, the seventh does not.
        assertThat(one).hasSize(10).doesNotHaveDuplicates();
        assertThat(Arrays.copyOf(other, 6)).isEqualTo(Arrays.copyOf(one, 6));
        assertThat(other[6]).isNotEqualTo(one[6]);
        assertThat(other[9]).isNotEqualTo(one[9]);
    }

    @Test
    void theNextTurnBeginsWithTheOneBefore() {
        // When
        long[] turn = Text.hashes(List.of(SYSTEM, QUESTION), 16);
        long[] next = Text.hashes(List.of(SYSTEM, QUESTION, new Segment(9, 200)), 16);

        // Then
        assertThat(Arrays.copyOf(next, turn.length)).isEqualTo(turn);
    }

    @Test
    void bytesAreTheSameAsFarAsTheTextIs() {
        // When
        byte[] one = bytes(List.of(SYSTEM, QUESTION));
        byte[] other = bytes(List.of(SYSTEM, new Segment(3, 60)));

        // Then
        int shared = Text.bytes(List.of(SYSTEM));
        assertThat(one).hasSize(Text.bytes(List.of(SYSTEM, QUESTION)));
        assertThat(Arrays.mismatch(one, other)).isBetween(shared, shared + 8);
        assertThat((double) one.length / 160).isBetween(3.0, 5.2);
    }

    private static byte[] bytes(List<Segment> text) {
        var buffer = new Text().render(text);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
