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

    private static final int NONE = -1;
    private static final int RANKED = Ranking.DEPTH - 1;

    private final EndpointState[] all;
    private final int first;
    private final int second;
    private final int third;
    private final int fourth;

    /** Those that are left beyond the ranked; all candidates until that begins, null for all. */
    private long @Nullable [] left;

    private boolean beyondRanked;
    private int place;

    private Fallbacks(
            EndpointState[] all,
            long @Nullable [] candidates,
            PickContext context,
            Ranking ranking) {
        this.all = all;
        this.left = candidates;
        this.first = index(context, ranking, 0);
        this.second = index(context, ranking, 1);
        this.third = index(context, ranking, 2);
        this.fourth = index(context, ranking, 3);
    }

    static Fallbacks of(EndpointState[] all, PickContext context, Ranking ranking) {
        boolean more = context.size() > Ranking.DEPTH;
        boolean isFiltered = context.size() < all.length;
        return new Fallbacks(
                all, more && isFiltered ? bits(context, all.length) : null, context, ranking);
    }

    private static int index(PickContext context, Ranking ranking, int rank) {
        return rank < ranking.size() ? context.index(ranking.position(rank)) : NONE;
    }

    /** Returns the index of one of those that the pick ranked after the first. */
    private int ranked(int rank) {
        return switch (rank) {
            case 0 -> second;
            case 1 -> third;
            case 2 -> fourth;
            default -> NONE;
        };
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
        for (int i = place; ranked(i) != NONE && i - place < most; i++) {
            endpoints.add(all[ranked(i)].endpoint());
        }
    }

    @Nullable EndpointState next(long nowNanos) {
        while (ranked(place) != NONE) {
            EndpointState state = all[ranked(place++)];
            if (!state.isRetired()) {
                return state;
            }
        }
        return place < RANKED ? null : leastLoaded(nowNanos);
    }

    private @Nullable EndpointState leastLoaded(long nowNanos) {
        long[] untried = untried();
        int best = NONE;
        for (int i = 0; i < all.length; i++) {
            if (isSet(untried, i) && !all[i].isRetired()) {
                best = best == NONE || isBetter(all[i], all[best], nowNanos) ? i : best;
            }
        }
        if (best == NONE) {
            return null;
        }
        clear(untried, best);
        return all[best];
    }

    private long[] untried() {
        long[] untried = left != null ? left : everyone();
        if (!beyondRanked) {
            beyondRanked = true;
            left = untried;
            clear(untried, first);
            clear(untried, second);
            clear(untried, third);
            clear(untried, fourth);
        }
        return untried;
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
