package io.weir.split;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chooses among weighted items so that every window of choices follows the weights.
 *
 * <p>Thread-safe and wait-free.
 */
public final class WeightedChoice<T> {

    /*
     * Dice need tens of thousands of throws before a 90/10 split looks like one. Here the order of
     * choices is laid out beforehand by smooth weighted round robin, in which each item's count
     * differs from its share by less than one in every prefix and by little in every window; a
     * choice is then one atomic increment and one array read, whatever the number of threads.
     *
     * The layout has as many slots as the weights' sum after division by their greatest common
     * divisor. Larger sums are scaled to SLOTS, which rounds shares to 1/SLOTS.
     */
    private static final int SLOTS = 10_000;

    private final List<T> items;
    private final int[] weights;
    private final short[] layout;
    private final AtomicInteger next;

    private WeightedChoice(List<T> items, int[] weights, short[] layout, AtomicInteger next) {
        this.items = List.copyOf(items);
        this.weights = weights;
        this.layout = layout;
        this.next = next;
    }

    /**
     * Returns a choice among weighted items.
     *
     * @param items the items, at most 32767
     * @param weights their weights, 0..1000000; an item of weight 0 is never chosen
     */
    public static <T> WeightedChoice<T> of(List<? extends T> items, int... weights) {
        if (items.size() != weights.length || items.size() > Short.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "weights: " + weights.length + " (expected: " + items.size() + ")");
        }
        return new WeightedChoice<>(
                new ArrayList<>(items),
                weights.clone(),
                Layout.of(scaled(weights)),
                new AtomicInteger());
    }

    /** Returns a choice among items of equal weight. */
    public static <T> WeightedChoice<T> equal(List<? extends T> items) {
        int[] weights = new int[items.size()];
        Arrays.fill(weights, 1);
        return of(items, weights);
    }

    /**
     * Returns this choice, going on where another one is: both share one sequence of turns. When
     * the shares differ there is nothing to go on with, and this choice is returned as it is.
     */
    public WeightedChoice<T> continuing(WeightedChoice<?> previous) {
        return Arrays.equals(layout, previous.layout)
                ? new WeightedChoice<>(items, weights, layout, previous.next)
                : this;
    }

    /** Returns whether the items have these weights. */
    public boolean hasWeights(int... others) {
        return Arrays.equals(weights, others);
    }

    /** Returns a choice among other items of the same weights, which goes on where this one is. */
    public <U> WeightedChoice<U> among(List<? extends U> others) {
        if (others.size() != weights.length) {
            throw new IllegalArgumentException(
                    "items: " + others.size() + " (expected: " + weights.length + ")");
        }
        return new WeightedChoice<>(new ArrayList<>(others), weights, layout, next);
    }

    /** Returns the next item, or null when there is none with a weight above 0. */
    public @Nullable T choose() {
        if (layout.length == 0) {
            return null;
        }
        if (layout.length == 1) {
            return items.get(layout[0]);
        }
        int turn = next.getAndIncrement();
        return items.get(layout[Integer.remainderUnsigned(turn, layout.length)]);
    }

    /** Returns all items, those of weight 0 included. */
    public List<T> items() {
        return items;
    }

    /** Returns the weight of an item by its index. */
    public int weight(int index) {
        return weights[index];
    }

    private static int[] scaled(int[] weights) {
        long sum = 0;
        int divisor = 0;
        for (int weight : weights) {
            if (weight < 0) {
                throw new IllegalArgumentException("weight: " + weight + " (expected: >= 0)");
            }
            sum += weight;
            divisor = gcd(divisor, weight);
        }
        int[] scaled = new int[weights.length];
        for (int i = 0; i < weights.length && sum > 0; i++) {
            scaled[i] =
                    sum / divisor <= SLOTS
                            ? weights[i] / divisor
                            : (int) Math.ceilDiv((long) weights[i] * SLOTS, sum);
        }
        return scaled;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** Smooth weighted round robin, laid out. */
    private static final class Layout {

        static short[] of(int[] weights) {
            int sum = 0;
            for (int weight : weights) {
                sum += weight;
            }
            short[] slots = new short[sum];
            int[] credit = new int[weights.length];
            for (int slot = 0; slot < sum; slot++) {
                short best = richest(credit, weights);
                credit[best] -= sum;
                slots[slot] = best;
            }
            return slots;
        }

        private static short richest(int[] credit, int[] weights) {
            int best = -1;
            for (int i = 0; i < credit.length; i++) {
                credit[i] += weights[i];
                if (weights[i] > 0 && (best < 0 || credit[i] > credit[best])) {
                    best = i;
                }
            }
            return (short) best;
        }
    }
}
