package io.weir.picker.prefix;

import static io.weir.picker.prefix.Prompts.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

class FirstBlocksTest {

    private static final int CAPACITY = 100_000;

    /** As many as a small table has sets, so that first blocks share rows as often as can be. */
    private static final int FEW_ROWS = PrefixTable.MIN_SLOTS / 8;

    @Test
    void onlyEndpointsThatKnowHowAPromptBeginsAreAsked() {
        // Given
        List<PrefixTable> tables = tables(100);
        FirstBlocks.Places places = arranged(new Beginnings(), tables);

        // When
        tables.get(3).record(blocks(1, 20), 0, CAPACITY);
        tables.get(99).record(blocks(1, 10), 0, CAPACITY);
        tables.get(50).record(blocks(2, 10), 0, CAPACITY);

        // Then
        assertThat(asked(places, blocks(1, 30))).containsExactly(3, 99);
        assertThat(asked(places, blocks(3, 30))).isEmpty();
    }

    @Test
    void aSmallPoolAsksAll() {
        assertThat(new Beginnings().arrange(tables(FirstBlocks.LEAST - 1), List.of())).isNull();
    }

    @Test
    void aPromptThatMadeRoomIsNotAskedForAnyMore() {
        // Given
        PrefixTable table = new PrefixTable();
        FirstBlocks bits = new FirstBlocks(64, 1 << 16);
        table.attach(bits.take());
        FirstBlocks.Places places = bits.places(List.of(table));
        table.record(blocks(1, 10), 0, CAPACITY);
        assertThat(asked(places, blocks(1, 10))).containsExactly(0);

        // When
        for (int i = 2; i < 1000; i++) {
            table.record(blocks(i, 10), 0, CAPACITY);
        }

        // Then
        long first = IntStream.range(1, 1000).filter(i -> table.hasFirst(first(i))).count();
        long asked = IntStream.range(1, 1000).filter(i -> !isUnasked(places, i)).count();
        assertThat(table.hasFirst(first(1))).isFalse();
        assertThat(isUnasked(places, 1)).isTrue();
        assertThat(asked).isBetween(first, first + 10);
    }

    @Test
    void aColumnIsEmptyWhenItIsGivenToAnother() {
        // Given
        Beginnings beginnings = new Beginnings();
        List<PrefixTable> tables = tables(40);
        beginnings.arrange(tables, List.of());
        PrefixTable leaving = tables.get(7);
        leaving.record(blocks(1, 10), 0, CAPACITY);

        // When
        tables.set(7, new PrefixTable());
        FirstBlocks.Places places =
                Objects.requireNonNull(beginnings.arrange(tables, List.of(leaving)));

        // Then
        assertThat(asked(places, blocks(1, 10))).isEmpty();

        // When it is back
        tables.add(leaving);
        places = arranged(beginnings, tables);

        // Then
        assertThat(asked(places, blocks(1, 10))).containsExactly(40);
    }

    @Test
    void whatIsThereIsAskedForWhateverBecomesOfTablesAndPool() {
        for (long seed = 0; seed < 4; seed++) {
            // Given
            SplittableRandom random = new SplittableRandom(seed);
            Beginnings beginnings = new Beginnings();
            List<PrefixTable> tables = tables(60);
            FirstBlocks.Places places = arranged(beginnings, tables);
            for (int step = 0; step < 600; step++) {
                // When
                PrefixTable table = tables.get(random.nextInt(tables.size()));
                switch (random.nextInt(40)) {
                    case 0 -> table.clear();
                    case 1 -> table.limit(1 << (12 + random.nextInt(6)));
                    case 2 -> places = resized(beginnings, tables, random);
                    default -> table.record(someBlocks(random), 0, 500);
                }

                // Then
                if (step % 20 == 0) {
                    assertNoneIsMissed(places, tables, seed);
                }
            }
        }
    }

    @Test
    void whatStaysIsAskedForWhileOthersComeAndGoOnTheSameRows() throws InterruptedException {
        // Given
        FirstBlocks bits = new FirstBlocks(64, FEW_ROWS);
        PrefixTable table = new PrefixTable();
        table.attach(bits.take());
        FirstBlocks.Places places = bits.places(List.of(table));
        List<PromptHashes> staying =
                IntStream.range(0, 20).mapToObj(i -> blocks(-1 - i, 1)).toList();
        staying.forEach(prompt -> table.record(prompt, 0, CAPACITY));
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger missed = new AtomicInteger();

        // When
        Thread reader =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!done.get()) {
                                look(table, places, staying, seen, missed);
                            }
                        });
        List<PromptHashes> coming =
                IntStream.range(0, 3000).mapToObj(i -> blocks(i, 1 + i % 3)).toList();
        together(
                4,
                t -> {
                    for (int i = t; i < coming.size(); i += 2) {
                        table.record(coming.get(i), 0, CAPACITY);
                    }
                });
        done.set(true);
        reader.join();

        // Then
        assertThat(seen.get()).isPositive();
        assertThat(missed.get()).isZero();
        assertThat(coming).allMatch(p -> !table.hasFirst(p.hash(0)) || isAsked(places, p));
        assertThat(coming).anyMatch(p -> table.hasFirst(p.hash(0)));
    }

    @Test
    void nothingIsMissedForGoodWhileTablesAreResizedClearedAndAttached()
            throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            // Given
            FirstBlocks bits = new FirstBlocks(64, 1 << 12);
            PrefixTable table = new PrefixTable();
            table.limit(1 << 18);
            int from = round * 1000;
            List<PromptHashes> coming =
                    IntStream.range(from, from + 1000).mapToObj(i -> blocks(i, 1)).toList();

            // When
            together(
                    4,
                    t -> {
                        for (int i = t; i < coming.size(); i += 4) {
                            table.record(coming.get(i), 0, CAPACITY);
                            if (i == 201) {
                                table.attach(bits.take());
                            } else if (i == 502) {
                                table.clear();
                            } else if (i % 100 == 3) {
                                table.limit(i % 200 == 3 ? 1 << 13 : 1 << 18);
                            }
                        }
                    });

            // Then
            FirstBlocks.Places places = bits.places(List.of(table));
            assertThat(coming).allMatch(p -> !table.hasFirst(p.hash(0)) || isAsked(places, p));
        }
    }

    /** What is there before and after a look was there all the time: nobody sends it again. */
    private static void look(
            PrefixTable table,
            FirstBlocks.Places places,
            List<PromptHashes> staying,
            AtomicInteger seen,
            AtomicInteger missed) {
        for (PromptHashes prompt : staying) {
            boolean asked = isAsked(places, prompt);
            if (table.hasFirst(prompt.hash(0))) {
                seen.incrementAndGet();
                missed.addAndGet(asked ? 0 : 1);
            }
        }
    }

    private static void together(int threads, IntConsumer work) throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int number = t;
            all.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    go.await();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                                work.accept(number);
                            }));
        }
        go.countDown();
        for (Thread thread : all) {
            thread.join();
        }
    }

    private static FirstBlocks.Places arranged(Beginnings beginnings, List<PrefixTable> tables) {
        return Objects.requireNonNull(beginnings.arrange(tables, List.of()));
    }

    private static FirstBlocks.Places resized(
            Beginnings beginnings, List<PrefixTable> tables, SplittableRandom random) {
        List<PrefixTable> leaving = new ArrayList<>();
        for (int i = random.nextInt(tables.size() - 35); i > 0; i--) {
            leaving.add(tables.remove(random.nextInt(tables.size())));
        }
        for (int i = random.nextInt(100); i > 0; i--) {
            tables.add(random.nextInt(tables.size()), new PrefixTable());
        }
        return Objects.requireNonNull(beginnings.arrange(tables, leaving));
    }

    private static void assertNoneIsMissed(
            FirstBlocks.Places places, List<PrefixTable> tables, long seed) {
        for (int prompt = 0; prompt < 300; prompt++) {
            List<Integer> asked = asked(places, blocks(prompt, 1));
            long first = first(prompt);
            List<Integer> knowing =
                    IntStream.range(0, tables.size())
                            .filter(i -> tables.get(i).hasFirst(first))
                            .boxed()
                            .toList();
            assertThat(asked).describedAs("seed %d prompt %d", seed, prompt).containsAll(knowing);
        }
    }

    private static PromptHashes someBlocks(SplittableRandom random) {
        return blocks(random.nextInt(300), 1 + random.nextInt(40));
    }

    private static List<PrefixTable> tables(int count) {
        List<PrefixTable> tables = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tables.add(new PrefixTable());
        }
        return tables;
    }

    private static long first(int prompt) {
        return blocks(prompt, 1).hash(0);
    }

    private static boolean isUnasked(FirstBlocks.Places places, int prompt) {
        return !isAsked(places, blocks(prompt, 1));
    }

    private static boolean isAsked(FirstBlocks.Places places, PromptHashes prompt) {
        return asked(places, prompt).contains(0);
    }

    private static List<Integer> asked(FirstBlocks.Places places, PromptHashes prompt) {
        int[] marks = new int[400];
        places.mark(prompt.hash(0), marks, 1);
        return IntStream.range(0, marks.length).filter(i -> marks[i] == 1).boxed().toList();
    }
}
