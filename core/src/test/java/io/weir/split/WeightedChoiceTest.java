package io.weir.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

class WeightedChoiceTest {

    private static final int WINDOW = 1000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "90,10",
                "50,50",
                "1,0",
                "1,999999",
                "70,30,0",
                "33,33,34",
                "7,11,13,17",
                "1000000,1,500000"
            })
    void everyWindowOfAThousandChoicesIsWithinOnePercentOfTheWeights(String list) {
        // Given
        int[] weights = IntStream.of(split(list)).toArray();
        var choice =
                WeightedChoice.of(IntStream.range(0, weights.length).boxed().toList(), weights);

        // When
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            chosen.add(choice.choose());
        }

        // Then
        double sum = IntStream.of(weights).asLongStream().sum();
        int[] counts = new int[weights.length];
        for (int i = 0; i < chosen.size(); i++) {
            counts[chosen.get(i)]++;
            if (i >= WINDOW) {
                counts[chosen.get(i - WINDOW)]--;
            }
            if (i >= WINDOW - 1) {
                for (int item = 0; item < weights.length; item++) {
                    assertThat(counts[item] / (double) WINDOW - weights[item] / sum)
                            .as("window ending at %d, item %d", i, item)
                            .isBetween(-0.01, 0.01);
                }
            }
        }
    }

    @Test
    void countsFollowTheWeightsAcrossThreads() throws InterruptedException {
        // Given
        var choice = WeightedChoice.of(List.of("a", "b"), 90, 10);
        Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

        // When
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            threads.add(
                    Thread.startVirtualThread(() -> {
                        for (int i = 0; i < 125; i++) {
                            counts.computeIfAbsent(choice.choose(), _ -> new AtomicInteger())
                                    .incrementAndGet();
                        }
                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        // Then
        assertThat(counts.get("a")).hasValue(900);
        assertThat(counts.get("b")).hasValue(100);
    }

    @Test
    void anItemOfWeightZeroIsNeverChosen() {
        // Given
        var choice = WeightedChoice.of(List.of("never", "always"), 0, 3);

        // When
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            counts.merge(choice.choose(), 1, Integer::sum);
        }

        // Then
        assertThat(counts).containsExactly(Map.entry("always", 100));
    }

    @Test
    void thereIsNoChoiceWhenAllWeightsAreZeroOrNothingIsThere() {
        assertThat(WeightedChoice.of(List.of("a", "b"), 0, 0).choose()).isNull();
        assertThat(WeightedChoice.of(List.<String>of()).choose()).isNull();
    }

    @Test
    void aTinyShareIsNotRoundedAway() {
        // Given
        var choice = WeightedChoice.of(List.of("big", "tiny"), 1_000_000, 1);

        // When
        int tiny = 0;
        for (int i = 0; i < 20_002; i++) {
            tiny += "tiny".equals(choice.choose()) ? 1 : 0;
        }

        // Then
        assertThat(tiny).isBetween(1, 3);
    }

    @Test
    void aNegativeWeightIsRefused() {
        assertThatThrownBy(() -> WeightedChoice.of(List.of("a"), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void aChoiceWithTheSameSharesGoesOnWhereTheOtherIs() {
        var before = WeightedChoice.of(List.of("a", "b", "c"), 1, 1, 2);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            expected.add(before.choose());
        }
        var first = WeightedChoice.of(List.of("a", "b", "c"), 1, 1, 2);
        List<String> actual = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            actual.add(first.choose());
        }
        var second = WeightedChoice.of(List.of("a", "b", "c"), 10, 10, 20).continuing(first);
        for (int i = 3; i < 8; i++) {
            actual.add(second.choose());
        }
        assertThat(actual).isEqualTo(expected);
        assertThat(second.weight(2)).isEqualTo(20);
    }

    @Test
    void aChoiceAmongOtherItemsOfTheSameWeightsGoesOnWhereTheOtherIs() {
        var before = WeightedChoice.of(List.of("a", "b"), 2, 1);
        List<String> chosen = new ArrayList<>(List.of(before.choose(), before.choose()));
        var after = before.among(List.of("A", "B"));
        assertThat(after.hasWeights(2, 1)).isTrue();
        assertThat(after.hasWeights(1, 2)).isFalse();
        chosen.add(after.choose());
        assertThat(chosen).containsExactly("a", "b", "A");
    }

    @Test
    void aChoiceWithOtherSharesStartsAnew() {
        var before = WeightedChoice.of(List.of("a", "b"), 1, 1);
        before.choose();
        var after = WeightedChoice.of(List.of("a", "b"), 3, 1);
        assertThat(after.continuing(before)).isSameAs(after);
    }

    private static int[] split(String list) {
        return List.of(list.split(",")).stream().mapToInt(Integer::parseInt).toArray();
    }
}
