package io.weir.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** Every window of a thousand choices follows whatever the weights are. */
class WeightedChoicePropertyTest {

    private static final int WINDOW = 1000;
    private static final int MOST_BACKENDS = 16;
    private static final int HEAVIEST = 1_000_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyWindowIsWithinOnePercentOfTheWeights(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 100; run++) {
            int[] weights = weights(random);
            WeightedChoice<Integer> choice = choice(weights);
            skip(choice, random.nextInt(20_000));
            check(weights, choices(choice, 3 * WINDOW), "seed " + seed + ", run " + run);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverThreadsTakeTheirTurnsInTheCountsOfAllAreThoseOfTheWeights(long seed)
            throws InterruptedException {
        Random random = new Random(seed);
        int[] weights = weights(random);
        WeightedChoice<Integer> choice = choice(weights);
        skip(choice, random.nextInt(20_000));
        List<List<Integer>> chosen = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        for (int share : new int[] {400, 300, 200, 99, 1}) {
            List<Integer> own = new ArrayList<>();
            chosen.add(own);
            threads.add(
                    Thread.startVirtualThread(() -> {
                        awaitQuietly(start);
                        own.addAll(choices(choice, share));
                    }));
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        List<Integer> all = chosen.stream().flatMap(List::stream).toList();
        check(weights, all, "seed " + seed);
    }

    /** Two to sixteen weights of very different sizes, some of them zero, never all. */
    private static int[] weights(Random random) {
        int[] weights = new int[2 + random.nextInt(MOST_BACKENDS - 1)];
        for (int i = 0; i < weights.length; i++) {
            int bound = 1 + random.nextInt(random.nextBoolean() ? 10 : HEAVIEST);
            weights[i] = random.nextInt(5) == 0 ? 0 : random.nextInt(bound + 1);
        }
        weights[random.nextInt(weights.length)] = 1 + random.nextInt(HEAVIEST);
        return weights;
    }

    private static WeightedChoice<Integer> choice(int[] weights) {
        return WeightedChoice.of(IntStream.range(0, weights.length).boxed().toList(), weights);
    }

    private static void skip(WeightedChoice<Integer> choice, int turns) {
        choices(choice, turns);
    }

    private static List<Integer> choices(WeightedChoice<Integer> choice, int turns) {
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < turns; i++) {
            chosen.add(choice.choose());
        }
        return chosen;
    }

    private static void check(int[] weights, List<Integer> chosen, String what) {
        double sum = IntStream.of(weights).asLongStream().sum();
        assertThat(chosen).hasSizeGreaterThanOrEqualTo(WINDOW);
        int[] counts = new int[weights.length];
        for (int i = 0; i < chosen.size(); i++) {
            counts[chosen.get(i)]++;
            if (i >= WINDOW) {
                counts[chosen.get(i - WINDOW)]--;
            }
            for (int item = 0; i >= WINDOW - 1 && item < weights.length; item++) {
                double error = counts[item] / (double) WINDOW - weights[item] / sum;
                boolean kept = Math.abs(error) <= 0.01 && (weights[item] > 0 || counts[item] == 0);
                if (!kept) {
                    fail(
                            "%s: weights %s, item %d, window ending at %d: %d of 1000",
                            what, IntStream.of(weights).boxed().toList(), item, i, counts[item]);
                }
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
