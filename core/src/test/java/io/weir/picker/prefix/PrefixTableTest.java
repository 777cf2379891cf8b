package io.weir.picker.prefix;

import static io.weir.picker.prefix.Prompts.BLOCK;
import static io.weir.picker.prefix.Prompts.blocks;
import static io.weir.picker.prefix.Prompts.hashes;
import static io.weir.picker.prefix.Prompts.join;
import static io.weir.picker.prefix.Prompts.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

class PrefixTableTest {

    private static final int CAPACITY = 1000;

    private final PrefixTable table = new PrefixTable();

    @Test
    void aPromptIsKnownAsFarAsItBeginsLikeAnEarlierOne() {
        // Given
        byte[] begin = text(1, 20 * BLOCK);
        send(hashes(join(begin, text(2, 30 * BLOCK))));

        // Then
        assertThat(known(hashes(join(begin, text(3, 5 * BLOCK))))).isEqualTo(20);
        assertThat(known(hashes(begin))).isEqualTo(20);
        assertThat(known(hashes(text(4, 30 * BLOCK)))).isZero();
    }

    @Test
    void theLeastRecentlyUsedPromptIsForgottenWhenTheServersCacheIsFull() {
        // Given
        PromptHashes used = blocks(1, 100);
        PromptHashes unused = blocks(2, 100);
        send(used);
        send(unused);

        // When
        for (int i = 0; i < 12; i++) {
            send(blocks(10 + i, 90));
            send(used);
        }

        // Then
        assertThat(known(used)).isEqualTo(100);
        assertThat(known(unused)).isZero();
    }

    @Test
    void theTailOfAPromptIsForgottenBeforeItsHead() {
        // Given
        PromptHashes prompt = blocks(1, 500);
        send(prompt);

        // When
        send(blocks(2, 768));

        // Then
        assertThat(known(prompt)).isEqualTo(CAPACITY - 768);
    }

    @Test
    void usingAPromptAgainDoesNotPushOthersOut() {
        // Given
        PromptHashes other = blocks(1, 400);
        PromptHashes popular = blocks(2, 400);
        send(other);

        // When
        for (int i = 0; i < 100; i++) {
            send(popular);
        }

        // Then
        assertThat(known(other)).isEqualTo(400);
    }

    @Test
    void aPromptLargerThanTheServersCacheIsKnownAsFarAsItFits() {
        // When
        send(blocks(1, 5 * CAPACITY));

        // Then
        assertThat(known(blocks(1, 5 * CAPACITY))).isBetween(CAPACITY * 63 / 64, CAPACITY);
    }

    @Test
    void theTableStaysWithinItsBytes() {
        // Given
        long limit = 64 << 10;
        table.limit(limit);

        // When
        for (int i = 0; i < 600; i++) {
            PromptHashes prompt = blocks(i, 100);
            table.record(prompt, 0, Integer.MAX_VALUE);
        }

        // Then
        assertThat(table.bytes()).isEqualTo(limit);
        assertThat(table.match(blocks(599, 100), Integer.MAX_VALUE, 0)).isEqualTo(100);
    }

    @Test
    void aTableGrowsOnlyForWhatTheServerStillHolds() {
        // Given
        table.limit(1 << 20);

        // When
        for (int i = 0; i < 600; i++) {
            table.record(blocks(i, 100), 0, 300);
        }

        // Then
        assertThat(table.bytes()).isEqualTo(8 << 10);
    }

    @Test
    void aTableThatShrinksKeepsTheMostRecent() {
        // Given
        table.limit(1 << 20);
        for (int i = 0; i < 200; i++) {
            table.record(blocks(i, 100), 0, Integer.MAX_VALUE);
        }

        // When
        table.limit(16 << 10);

        // Then
        assertThat(table.bytes()).isEqualTo(16 << 10);
        assertThat(table.match(blocks(199, 100), Integer.MAX_VALUE, 0)).isEqualTo(100);
        assertThat(table.match(blocks(0, 100), Integer.MAX_VALUE, 0)).isZero();
    }

    @Test
    void aGuessChangesNothing() {
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 100; round++) {
            // Given
            byte[] begin = text(round, random.nextInt(300) * BLOCK);
            send(hashes(join(begin, text(-round, random.nextInt(50) * BLOCK))));
            PromptHashes prompt = hashes(join(begin, text(1000 + round, 100 * BLOCK)));

            // Then
            int found = table.match(prompt, CAPACITY, 0);
            assertThat(prompt.blocks(found)).isLessThanOrEqualTo(begin.length / BLOCK);
            for (int guess = -1; guess <= prompt.size() + 1; guess++) {
                assertThat(table.match(prompt, CAPACITY, guess)).isEqualTo(found);
            }
        }
    }

    @Test
    void answersPushOldPromptsOut() {
        // Given
        send(blocks(1, 400));

        // When
        table.grown(CAPACITY - 450);
        int before = known(blocks(1, 400));
        table.grown(100);

        // Then
        assertThat(before).isEqualTo(400);
        assertThat(known(blocks(1, 400))).isBetween(346, 350);
    }

    @Test
    void answersOfAServerThatTellsWhatItStoresAreNotCountedTwice() {
        // Given
        table.told(true);
        send(blocks(1, 400));

        // When
        table.grown(CAPACITY);

        // Then
        assertThat(known(blocks(1, 400))).isEqualTo(400);
    }

    @Test
    void aClearedTableKnowsNothing() {
        // Given
        send(blocks(1, 10));

        // When
        table.clear();

        // Then
        assertThat(known(blocks(1, 10))).isZero();
    }

    @Test
    void manyThreadsMayUseOneTable() throws InterruptedException {
        // Given
        table.limit(1 << 20);
        AtomicInteger found = new AtomicInteger();

        // When
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int seed = t * 10_000;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < 500; i++) {
                                    PromptHashes prompt = blocks(seed + i, 20);
                                    table.record(prompt, 0, Integer.MAX_VALUE);
                                    found.addAndGet(table.match(prompt, Integer.MAX_VALUE, 0));
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        // Then nearly everything is found: what is written while the table grows may get lost
        assertThat(found.get()).isBetween(4 * 500 * 20 * 9 / 10, 4 * 500 * 20);
    }

    private void send(PromptHashes prompt) {
        table.record(prompt, table.match(prompt, CAPACITY, 0), CAPACITY);
    }

    private int known(PromptHashes prompt) {
        return prompt.blocks(table.match(prompt, CAPACITY, 0));
    }
}
