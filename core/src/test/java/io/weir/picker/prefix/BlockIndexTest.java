package io.weir.picker.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What a server says it holds, and which prompts that fits. */
class BlockIndexTest {

    private static final int BLOCK = 16;
    private static final long NO_PARENT = -1;
    private static final long NOW = 123_456_789_012L;

    private final BlockIndex index = new BlockIndex();
    private final StoredBlocks event = new StoredBlocks();

    @Test
    void aPromptIsKnownAsFarAsItsBlocksAreHeld() {
        int[] prompt = tokens(1, 10 * BLOCK + 5);
        store(100, NO_PARENT, prompt, 0, 6);

        assertThat(matched(prompt)).isEqualTo(6);
        assertThat(matched(tokens(2, 160))).isZero();
        int[] shorter = IntStream.of(prompt).limit(3 * BLOCK + 7).toArray();
        assertThat(matched(shorter)).isEqualTo(3);
        int[] other = prompt.clone();
        other[4 * BLOCK] = -7;
        assertThat(matched(other)).isEqualTo(4);
    }

    @Test
    void blocksFollowTheirParent() {
        int[] prompt = tokens(1, 10 * BLOCK);
        store(100, NO_PARENT, prompt, 0, 6);
        assertThat(store(200, 105, prompt, 6, 10)).isEqualTo(4);

        assertThat(matched(prompt)).isEqualTo(10);
        assertThat(store(300, 999, prompt, 6, 10)).isZero();
    }

    @Test
    void whatIsRemovedIsForgottenOnceAllCopiesAre() {
        int[] prompt = tokens(1, 4 * BLOCK);
        store(100, NO_PARENT, prompt, 0, 4);
        store(100, NO_PARENT, prompt, 0, 4);

        index.removed(103);
        assertThat(matched(prompt)).isEqualTo(4);

        index.removed(103);
        assertThat(matched(prompt)).isEqualTo(3);
        assertThat(index.size()).isEqualTo(3);
        assertThat(index.removed(103)).isFalse();

        index.clear();
        assertThat(matched(prompt)).isZero();
        assertThat(index.size()).isZero();
    }

    @Test
    void adaptersAndSaltsKeepPromptsApart() {
        int[] prompt = tokens(1, 4 * BLOCK);
        event.clear();
        event.adapter("sql");
        event.extras(List.of(List.of("tenant"), List.of(), List.of(), List.of()));
        fill(100, prompt, 0, 4);
        index.stored(event);

        assertThat(index.match(chain(prompt, "sql", "tenant", BLOCK), 0, NOW)).isEqualTo(4);
        assertThat(index.match(chain(prompt, "sql", "", BLOCK), 0, NOW)).isZero();
        assertThat(index.match(chain(prompt, "", "tenant", BLOCK), 0, NOW)).isZero();
        assertThat(index.match(chain(prompt, "", "", BLOCK), 0, NOW)).isZero();
    }

    @Test
    void blocksOfAPromptMayBeLargerThanThoseOfTheServerButNotSmaller() {
        int[] prompt = tokens(1, 8 * BLOCK);
        store(100, NO_PARENT, prompt, 0, 7);

        assertThat(index.match(chain(prompt, "", "", 2 * BLOCK), 0, NOW)).isEqualTo(3);
        assertThat(index.match(chain(prompt, "", "", BLOCK / 2), 0, NOW)).isZero();
        assertThat(index.match(chain(prompt, "", "", BLOCK + 1), 0, NOW)).isZero();
    }

    @Test
    void aForgottenIndexKnowsNothingUntilItIsCleared() {
        int[] prompt = tokens(1, 4 * BLOCK);
        store(100, NO_PARENT, prompt, 0, 4);
        index.complete(true);

        index.forget();
        assertThat(matched(prompt)).isZero();
        assertThat(index.isComplete()).isFalse();

        index.clear();
        store(100, NO_PARENT, prompt, 0, 2);
        assertThat(matched(prompt)).isEqualTo(2);
    }

    @Test
    void whatWasSentAMomentAgoCountsUntilTheServerMustHaveTold() {
        int[] prompt = tokens(1, 6 * BLOCK);
        store(100, NO_PARENT, prompt, 0, 2);
        index.sent(chain(prompt, "", "", BLOCK), NOW);

        assertThat(matched(prompt)).isEqualTo(6);
        assertThat(matched(tokens(2, 6 * BLOCK))).isZero();
        TokenChain chain = chain(prompt, "", "", BLOCK);
        assertThat(index.match(chain, 0, NOW + Duration.ofMillis(1900).toNanos())).isEqualTo(6);
        assertThat(index.match(chain, 0, NOW + Duration.ofMillis(2100).toNanos())).isEqualTo(2);

        index.clear();
        assertThat(matched(prompt)).isZero();
    }

    @Test
    void aFullIndexKeepsTheBeginningsOfPrompts() {
        // Given
        index.limit(1000 * 64);

        // When
        List<int[]> prompts = new ArrayList<>();
        for (int p = 0; p < 100; p++) {
            int[] prompt = tokens(p, 100 * BLOCK);
            prompts.add(prompt);
            store(1000L * p, NO_PARENT, prompt, 0, 100);
        }

        // Then
        assertThat(index.size()).isEqualTo(1000);
        long headKept = prompts.stream().filter(prompt -> matched(prompt) >= 3).count();
        assertThat(headKept).isGreaterThan(90);
    }

    @Test
    void aLimitThatSinksIsKeptFromTheNextBlockOn() {
        index.limit(1 << 20);
        store(0, NO_PARENT, tokens(1, 5000 * BLOCK), 0, 5000);
        assertThat(index.size()).isEqualTo(5000);

        index.limit(1000 * 64);
        store(100_000, NO_PARENT, tokens(2, BLOCK), 0, 1);

        assertThat(index.size()).isEqualTo(1000);
    }

    @Test
    void randomStoresAndRemovalsLeaveWhatTheServerHolds() {
        long seed = 20_260;
        SplittableRandom random = new SplittableRandom(seed);
        Map<Integer, Integer> held = new HashMap<>();
        int[][] prompts = new int[64][];
        for (int p = 0; p < prompts.length; p++) {
            prompts[p] = tokens(p, 40 * BLOCK);
        }
        index.limit(1 << 24);
        for (int step = 0; step < 20_000; step++) {
            int p = random.nextInt(prompts.length);
            int has = held.getOrDefault(p, 0);
            if (random.nextBoolean() && has < 40) {
                int more = random.nextInt(has, 40) + 1;
                store(
                        1000L * p + has,
                        has == 0 ? NO_PARENT : 1000L * p + has - 1,
                        prompts[p],
                        has,
                        more);
                held.put(p, more);
            } else if (has > 0) {
                int left = random.nextInt(has);
                for (int b = has - 1; b >= left; b--) {
                    assertThat(index.removed(1000L * p + b)).as("seed %d", seed).isTrue();
                }
                held.put(p, left);
            }
            if (step % 100 == 0) {
                for (int q = 0; q < prompts.length; q++) {
                    assertThat(matched(prompts[q]))
                            .as("seed %d, step %d, prompt %d", seed, step, q)
                            .isEqualTo(held.getOrDefault(q, 0));
                }
            }
        }
        int sum = held.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(index.size()).isEqualTo(sum);
    }

    private int matched(int[] prompt) {
        TokenChain chain = chain(prompt, "", "", BLOCK);
        return chain.blocks(index.match(chain, 0, NOW));
    }

    private static TokenChain chain(int[] prompt, String adapter, String salt, int blockTokens) {
        return TokenChain.of(prompt, prompt.length, adapter, salt, blockTokens, 1 << 18);
    }

    private int store(long firstKey, long parent, int[] prompt, int from, int to) {
        event.clear();
        if (parent != NO_PARENT) {
            event.parent(parent);
        }
        fill(firstKey, prompt, from, to);
        return index.stored(event);
    }

    private void fill(long firstKey, int[] prompt, int from, int to) {
        event.blockTokens(BLOCK);
        for (int b = from; b < to; b++) {
            event.addHash(firstKey + b - from);
        }
        for (int i = from * BLOCK; i < to * BLOCK; i++) {
            event.addToken(prompt[i]);
        }
        assertThat(event.isWhole()).isTrue();
    }

    private static int[] tokens(int seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.generate(() -> random.nextInt(150_000)).limit(count).toArray();
    }
}
