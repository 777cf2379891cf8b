package io.weir.picker.prefix;

import static io.weir.picker.prefix.Prompts.BLOCK;
import static io.weir.picker.prefix.Prompts.hashes;
import static io.weir.picker.prefix.Prompts.join;
import static io.weir.picker.prefix.Prompts.list;
import static io.weir.picker.prefix.Prompts.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class PromptHashesTest {

    @Test
    void hashesDoNotDependOnHowThePromptIsCutIntoBuffers() {
        SplittableRandom random = new SplittableRandom(42);
        for (int round = 0; round < 60; round++) {
            // Given
            byte[] text = text(round, random.nextInt(60_000));
            List<Long> whole = list(hashes(text));

            // When
            List<ByteBuffer> pieces = cut(text, random);

            // Then
            assertThat(list(hashes("llama", pieces))).as("round %d", round).isEqualTo(whole);
        }
    }

    @Test
    void buffersAreLeftAsTheyWere() {
        // Given
        ByteBuffer buffer = ByteBuffer.wrap(text(1, 1000)).position(10).limit(900);

        // When
        hashes("llama", List.of(buffer));

        // Then
        assertThat(buffer.position()).isEqualTo(10);
        assertThat(buffer.limit()).isEqualTo(900);
        assertThat(buffer.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    }

    @Test
    void everyModelHasHashesOfItsOwn() {
        byte[] text = text(1, 10 * BLOCK);
        assertThat(list(hashes("llama", List.of(ByteBuffer.wrap(text)))))
                .doesNotContainAnyElementsOf(
                        list(hashes("deepseek", List.of(ByteBuffer.wrap(text)))));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 6_400, 8_191, 8_192, 8_193, 40_000, 150_000, 700_000})
    void promptsThatBeginAlikeShareHashesToWithinASixtyFourthOfTheCommonLength(int common) {
        // Given
        byte[] begin = text(1, common);
        PromptHashes one = hashes(join(begin, text(2, 300_000)));
        PromptHashes two = hashes(join(begin, text(3, 300_000)));

        // When
        int shared = 0;
        while (one.hash(shared) == two.hash(shared)) {
            shared++;
        }

        // Then
        assertThat(list(one).subList(shared, one.size()))
                .doesNotContainAnyElementsOf(list(two).subList(shared, two.size()));
        int commonBlocks = common / BLOCK;
        assertThat(one.blocks(shared)).isBetween(commonBlocks - commonBlocks / 64, commonBlocks);
    }

    @Test
    void aPromptShorterThanABlockHasNoHashes() {
        assertThat(hashes(text(1, BLOCK - 1)).size()).isZero();
        assertThat(hashes("llama", List.of()).blocks()).isZero();
    }

    @Test
    void aPromptOfAMillionTokensHasFewHashes() {
        // When
        PromptHashes hashes = hashes(text(1, 4_000_000));

        // Then
        assertThat(hashes.size()).isBetween(500, 800);
        assertThat(hashes.blocks()).isGreaterThan(61_000);
    }

    @Test
    void blocksBeyondTheLimitAreNotLookedAt() {
        // Given
        PrefixSettings limited = new PrefixSettings(BLOCK, 5, 100, false);
        PromptHashes hashes = new PromptHashes();

        // When
        hashes.compute("llama", List.of(ByteBuffer.wrap(text(1, 100 * BLOCK))), limited);

        // Then
        assertThat(hashes.blocks()).isEqualTo(5);
    }

    private static List<ByteBuffer> cut(byte[] text, SplittableRandom random) {
        List<ByteBuffer> pieces = new ArrayList<>();
        int from = 0;
        while (from < text.length) {
            int length = Math.min(text.length - from, random.nextInt(1 + random.nextInt(20_000)));
            pieces.add(piece(text, from, length, random));
            from += length;
        }
        pieces.add(ByteBuffer.allocate(0));
        return pieces;
    }

    private static ByteBuffer piece(byte[] text, int from, int length, SplittableRandom random) {
        ByteBuffer piece =
                random.nextBoolean()
                        ? ByteBuffer.allocate(length + 7)
                        : ByteBuffer.allocateDirect(length + 7);
        piece.position(3).put(text, from, length).position(3).limit(3 + length);
        ByteBuffer view = random.nextBoolean() ? piece.asReadOnlyBuffer() : piece;
        return view.order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }
}
