package io.weir.picker.state;

import java.util.Set;

/**
 * LoRA adapters on a server at one moment.
 *
 * @param active adapters in use
 * @param waiting adapters with requests in the server's queue
 * @param max most adapters at once; 0 when unknown
 */
public record Adapters(Set<String> active, Set<String> waiting, int max) {

    /** No adapters. */
    public static final Adapters NONE = new Adapters(Set.of(), Set.of(), 0);

    public Adapters {
        active = Set.copyOf(active);
        waiting = Set.copyOf(waiting);
    }

    /** Returns whether the server has an adapter, or has it in its queue. */
    public boolean has(String adapter) {
        return active.contains(adapter) || waiting.contains(adapter);
    }

    /**
     * Returns whether one more adapter would fit. What waits counts as well, so that a server on
     * which adapters queue up for room has none.
     */
    public boolean hasRoom() {
        return active.size() + waiting.size() < max;
    }
}
