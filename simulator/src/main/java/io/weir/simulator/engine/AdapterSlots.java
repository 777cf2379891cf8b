package io.weir.simulator.engine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The LoRA adapters that are resident. A sequence that finds no slot for its adapter waits until
 * the last sequence of another adapter has left; the least recently used of such adapters makes
 * room.
 */
final class AdapterSlots {

    /** There is no room for the adapter now. */
    static final long BUSY = Long.MAX_VALUE;

    private static final class Slot {
        private int holders;
        private long readyNanos;
    }

    private final int max;
    private final Map<String, Slot> resident = new LinkedHashMap<>(16, 0.75f, true);
    private long loads;

    AdapterSlots(int max) {
        this.max = max;
    }

    /**
     * Holds the task's adapter for it, which begins to load when it is not resident.
     *
     * @return when the adapter is usable, or {@link #BUSY}
     */
    long hold(EngineTask task, long nowNanos, long loadNanos) {
        String adapter = task.request.adapter();
        if (adapter == null) {
            return nowNanos;
        }
        Slot slot = resident.get(adapter);
        if (slot == null) {
            slot = load(adapter, nowNanos + loadNanos);
        }
        if (slot == null) {
            return BUSY;
        }
        if (!task.holdsAdapter) {
            task.holdsAdapter = true;
            slot.holders++;
        }
        return slot.readyNanos;
    }

    /** Lets the task's adapter go; it stays resident until its slot is needed. */
    void letGo(EngineTask task) {
        String adapter = task.request.adapter();
        if (adapter == null || !task.holdsAdapter) {
            return;
        }
        task.holdsAdapter = false;
        Slot slot = resident.get(adapter);
        if (slot != null) {
            slot.holders--;
        }
    }

    /** Drops every adapter that nobody holds. */
    void forgetIdle() {
        resident.values().removeIf(slot -> slot.holders == 0);
    }

    /** Drops an adapter if nobody holds it. */
    void forget(String adapter) {
        Slot slot = resident.get(adapter);
        if (slot != null && slot.holders == 0) {
            resident.remove(adapter);
        }
    }

    List<String> names() {
        return new ArrayList<>(resident.keySet());
    }

    long loads() {
        return loads;
    }

    private @Nullable Slot load(String adapter, long readyNanos) {
        if (resident.size() >= max && !evictIdle()) {
            return null;
        }
        Slot slot = new Slot();
        slot.readyNanos = readyNanos;
        resident.put(adapter, slot);
        loads++;
        return slot;
    }

    private boolean evictIdle() {
        var oldestFirst = resident.values().iterator();
        while (oldestFirst.hasNext()) {
            if (oldestFirst.next().holders == 0) {
                oldestFirst.remove();
                return true;
            }
        }
        return false;
    }
}
