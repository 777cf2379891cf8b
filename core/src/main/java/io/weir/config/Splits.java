package io.weir.config;

import io.weir.resource.ObjectKey;
import io.weir.split.WeightedChoice;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The weighted choices of one compilation. A choice whose weights did not change goes on where it
 * was in the compilation before, so that frequent changes elsewhere don't bend a split.
 */
public final class Splits {

    static final Splits NONE = new Splits();

    private final Map<Key, WeightedChoice<?>> choices = new HashMap<>();

    Splits() {}

    /**
     * Returns a choice.
     *
     * @param before the choices of the compilation before
     * @param object the object that holds the weights
     * @param part which of its choices this is
     */
    <T> WeightedChoice<T> choice(
            Splits before, ObjectKey object, String part, List<T> items, int[] weights) {
        Key key = new Key(object, part);
        WeightedChoice<?> previous = before.choices.get(key);
        WeightedChoice<T> choice = choice(previous, items, weights);
        choices.put(key, choice);
        return choice;
    }

    @SuppressWarnings("unchecked")
    private static <T> WeightedChoice<T> choice(
            @Nullable WeightedChoice<?> previous, List<T> items, int[] weights) {
        if (previous == null) {
            return WeightedChoice.of(items, weights);
        }
        if (previous.hasWeights(weights) && previous.items().equals(items)) {
            return (WeightedChoice<T>) previous;
        }
        return previous.hasWeights(weights)
                ? previous.among(items)
                : WeightedChoice.of(items, weights).continuing(previous);
    }

    private record Key(ObjectKey object, String part) {}
}
