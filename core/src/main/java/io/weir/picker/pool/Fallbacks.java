package io.weir.picker.pool;

import io.weir.picker.Endpoint;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The endpoints to try after the first one, in order.
 *
 * <p>The next few were ranked by the pick. Beyond them, which hardly ever happens, the rest of the
 * candidates follow by the load that they have at that moment, so that no pick has to sort a
 * thousand endpoints for nothing, and none is left out.
 */
final class Fallbacks {

    private static final int RANKED = Ranking.DEPTH - 1;

    private final EndpointState[] all;
    private final long @Nullable [] candidates;
    private final int first;
    private final int[] ranked;
    private long @Nullable [] untried;
    private int place;

    private Fallbacks(EndpointState[] all, long @Nullable [] candidates, int first, int[] ranked) {
        this.all = all;
        this.candidates = candidates;
        this.first = first;
        this.ranked = ranked;
    }

    static Fallbacks of(EndpointState[] all, PickContext context, Ranking ranking) {
        int[] ranked = new int[Math.min(RANKED, ranking.size() - 1)];
        for (int i = 0; i < ranked.length; i++) {
            ranked[i] = context.index(ranking.position(i + 1));
        }
        boolean more = context.size() > Ranking.DEPTH;
        boolean isFiltered = context.size() < all.length;
        return new Fallbacks(
                all,
                more && isFiltered ? bits(context, all.length) : null,
                context.index(ranking.position(0)),
                ranked);
    }

    private static long[] bits(PickContext context, int length) {
        long[] bits = new long[(length + 63) >> 6];
        for (int i = 0; i < context.size(); i++) {
            set(bits, context.index(i));
        }
        return bits;
    }

    /** Adds the next endpoints that the pick ranked. */
    void ranked(int most, List<Endpoint> endpoints) {
        for (int i = place; i < ranked.length && i - place < most; i++) {
            endpoints.add(all[ranked[i]].endpoint());
        }
    }

    @Nullable EndpointState next(long nowNanos) {
        while (place < ranked.length) {
            EndpointState state = all[ranked[place++]];
            if (!state.isRetired()) {
                return state;
            }
        }
        return ranked.length < RANKED ? null : leastLoaded(nowNanos);
    }

    private @Nullable EndpointState leastLoaded(long nowNanos) {
        long[] left = untried;
        if (left == null) {
            left = unranked();
            untried = left;
        }
        int best = -1;
        for (int i = 0; i < all.length; i++) {
            if (isSet(left, i) && !all[i].isRetired()) {
                best = best < 0 || isBetter(all[i], all[best], nowNanos) ? i : best;
            }
        }
        if (best < 0) {
            return null;
        }
        clear(left, best);
        return all[best];
    }

    private long[] unranked() {
        long[] left = candidates != null ? candidates : everyone();
        clear(left, first);
        for (int index : ranked) {
            clear(left, index);
        }
        return left;
    }

    private long[] everyone() {
        long[] bits = new long[(all.length + 63) >> 6];
        for (int i = 0; i < all.length; i++) {
            set(bits, i);
        }
        return bits;
    }

    private static boolean isBetter(EndpointState one, EndpointState other, long nowNanos) {
        boolean avoided = one.health().isAvoided(nowNanos);
        if (avoided != other.health().isAvoided(nowNanos)) {
            return !avoided;
        }
        return one.inFlight().requests() < other.inFlight().requests();
    }

    private static void set(long[] bits, int index) {
        bits[index >> 6] |= 1L << index;
    }

    private static void clear(long[] bits, int index) {
        bits[index >> 6] &= ~(1L << index);
    }

    private static boolean isSet(long[] bits, int index) {
        return (bits[index >> 6] & (1L << index)) != 0;
    }
}
