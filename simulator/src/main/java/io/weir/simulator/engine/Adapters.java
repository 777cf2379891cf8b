package io.weir.simulator.engine;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** LoRA adapters on the accelerator: at most so many, the one that was idle longest goes first. */
final class Adapters {

    private final int most;
    private final long loadNanos;
    private final Map<String, Resident> resident = new LinkedHashMap<>(16, 0.75f, true);
    private long loads;

    Adapters(int most, double loadNanos) {
        this.most = most;
        this.loadNanos = (long) loadNanos;
    }

    private static final class Resident {
        private final long readyNanos;
        private int running;

        private Resident(long readyNanos) {
            this.readyNanos = readyNanos;
        }
    }

    /**
     * Takes a slot for a sequence's adapter.
     *
     * @return false when all slots are in use by other adapters
     */
    boolean acquire(@Nullable String adapter, long nowNanos) {
        if (adapter == null) {
            return true;
        }
        Resident slot = resident.get(adapter);
        if (slot == null) {
            if (resident.size() >= most && !evictIdle()) {
                return false;
            }
            loads++;
            slot = new Resident(nowNanos + loadNanos);
            resident.put(adapter, slot);
        }
        slot.running++;
        return true;
    }

    void release(@Nullable String adapter) {
        Resident slot = adapter == null ? null : resident.get(adapter);
        if (slot != null) {
            slot.running--;
        }
    }

    /** Returns when an acquired adapter can be used. */
    long readyNanos(@Nullable String adapter) {
        Resident slot = adapter == null ? null : resident.get(adapter);
        return slot == null ? Long.MIN_VALUE : slot.readyNanos;
    }

    private boolean evictIdle() {
        for (Iterator<Resident> slots = resident.values().iterator(); slots.hasNext(); ) {
            if (slots.next().running == 0) {
                slots.remove();
                return true;
            }
        }
        return false;
    }

    void forget(String adapter) {
        Resident slot = resident.get(adapter);
        if (slot != null && slot.running == 0) {
            resident.remove(adapter);
        }
    }

    /** Returns the adapters with running sequences. */
    Set<String> running() {
        Map<String, Resident> copy = new TreeMap<>(resident);
        Set<String> running = new TreeSet<>();
        copy.forEach((name, slot) -> {
            if (slot.running > 0) {
                running.add(name);
            }
        });
        return running;
    }

    long loads() {
        return loads;
    }
}
