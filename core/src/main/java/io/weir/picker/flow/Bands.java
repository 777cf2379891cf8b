package io.weir.picker.flow;

import io.weir.picker.setup.FlowControlSettings;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Comparator;

/** The bands of a pool by descending priority. Read by all threads, replaced under a lock. */
final class Bands {

    private final Ledger ledger;
    private volatile Band[] all = {};

    Bands(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Returns the bands; the array is not to be changed. */
    Band[] all() {
        return all;
    }

    /** Returns the rank of a priority's band; -1 when there is none. */
    static int rank(Band[] bands, int priority) {
        for (int i = 0; i < bands.length; i++) {
            if (bands[i].priority() == priority) {
                return i;
            }
        }
        return -1;
    }

    Band get(int priority, FlowControlSettings settings, long nowNanos) {
        Band[] now = all;
        int rank = rank(now, priority);
        return rank >= 0 ? now[rank] : create(priority, settings, nowNanos);
    }

    /** Makes sure that a band is among those that are worked. */
    void keep(Band band) {
        for (Band kept : all) {
            if (kept == band) {
                return;
            }
        }
        insert(band);
    }

    void forgetIdleSince(long nanos, FlowControlSettings settings) {
        for (Band band : all) {
            if (!isConfigured(band, settings) && band.isIdleSince(nanos)) {
                remove(band);
            }
        }
    }

    private static boolean isConfigured(Band band, FlowControlSettings settings) {
        return band.priority() == 0 || settings.bands().containsKey(band.priority());
    }

    // Rare: a priority that nobody had before.
    private synchronized Band create(int priority, FlowControlSettings settings, long nowNanos) {
        Band present = find(priority);
        if (present != null) {
            return present;
        }
        Band made = new Band(priority, settings.band(priority), ledger, nowNanos);
        insert(made);
        return made;
    }

    private @Nullable Band find(int priority) {
        Band[] now = all;
        int rank = rank(now, priority);
        return rank < 0 ? null : now[rank];
    }

    private synchronized void insert(Band band) {
        Band[] more = Arrays.copyOf(all, all.length + 1);
        more[more.length - 1] = band;
        Arrays.sort(more, Comparator.comparingInt(Band::priority).reversed());
        all = more;
    }

    private synchronized void remove(Band band) {
        all = Arrays.stream(all).filter(one -> one != band).toArray(Band[]::new);
    }
}
