package io.weir.bench.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

final class ReferenceIndexTest {

    private static final int BLOCK = 256;
    private static final Endpoint ONE = endpoint(1);
    private static final Endpoint OTHER = endpoint(2);

    private final ReferenceIndex index = new ReferenceIndex();

    @Test
    void aPromptIsCutIntoBlocksOf64TokensWithAPartialOneAtTheEndUpTo131072Tokens() {
        assertThat(blocks("model", text(1, 3 * BLOCK))).hasSize(3);
        assertThat(blocks("model", text(1, 3 * BLOCK + 1))).hasSize(4);
        assertThat(blocks("model", text(1, 10))).hasSize(1);
        assertThat(blocks("model", text(1, 3000 * BLOCK))).hasSize(2048);
        assertThat(blocks("model")).isEmpty();
    }

    @Test
    void promptsShareBlocksAsFarAsTheyAreEqualForOneModel() {
        // Given
        byte[] begin = text(1, 2 * BLOCK);
        long[] one = blocks("model", begin, text(2, BLOCK), text(3, BLOCK));

        // When: the third block differs, the fourth does not.
        long[] other = blocks("model", begin, text(4, BLOCK), text(3, BLOCK));

        // Then
        assertThat(Arrays.mismatch(one, other)).isEqualTo(2);
        assertThat(one[3]).isNotEqualTo(other[3]);
        assertThat(Arrays.mismatch(one, blocks("adapter", begin))).isZero();
    }

    @Test
    void whereABufferEndsMakesNoDifference() {
        byte[] text = text(1, 2 * BLOCK);
        assertThat(
                        blocks(
                                "model",
                                Arrays.copyOf(text, 100),
                                Arrays.copyOfRange(text, 100, text.length)))
                .containsExactly(blocks("model", text));
    }

    @Test
    void aServerKnowsWhatWasSentToIt() {
        // Given
        long[] prompt = blocks("model", text(1, 4 * BLOCK));
        index.enter(prompt, ONE, 100);
        index.enter(Arrays.copyOf(prompt, 1), OTHER, 100);

        // Then
        assertThat(matched(prompt)).containsExactly(4, 1);
        assertThat(matched(blocks("model", text(2, 4 * BLOCK)))).containsExactly(0, 0);
    }

    @Test
    void aServerForgetsThePromptThatWasSentLongestAgoItsEndFirst() {
        // Given
        long[] first = blocks("model", text(1, 4 * BLOCK));
        long[] second = blocks("model", text(2, 4 * BLOCK));
        index.enter(first, ONE, 10);
        index.enter(second, ONE, 10);

        // When
        index.enter(blocks("model", text(3, 4 * BLOCK)), ONE, 10);

        // Then
        assertThat(matched(first)).containsExactly(2, 0);
        assertThat(matched(second)).containsExactly(4, 0);
    }

    @Test
    void aServerThatDoesNotSayHowMuchItHoldsIsTakenToHold31250Blocks() {
        // Given
        for (int i = 0; i < 20; i++) {
            index.enter(blocks("model", text(i, 2048 * BLOCK)), ONE, 0);
        }

        // Then: 15 prompts have room, and a part of another.
        assertThat(matched(blocks("model", text(5, 2048 * BLOCK)))).containsExactly(2048, 0);
        assertThat(matched(blocks("model", text(4, 2048 * BLOCK))))
                .containsExactly(31_250 - 15 * 2048, 0);
        assertThat(matched(blocks("model", text(3, 2048 * BLOCK)))).containsExactly(0, 0);
    }

    private double[] matched(long[] blocks) {
        double[] matched = {-1, -1};
        index.match(blocks, List.of(ONE, OTHER), matched);
        return matched;
    }

    private static long[] blocks(String model, byte[]... text) {
        List<ByteBuffer> prompt = Arrays.stream(text).map(ByteBuffer::wrap).toList();
        return ReferenceIndex.blocks(PickRequest.forModel(model).prompt(prompt, 0).build());
    }

    private static byte[] text(long content, int bytes) {
        byte[] text = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            text[i] = (byte) Text.mix(content * 1_000_003 + i);
        }
        return text;
    }

    private static Endpoint endpoint(int number) {
        return new Endpoint("server-" + number, "server-" + number, "10.0.0.1", number, Map.of());
    }
}
