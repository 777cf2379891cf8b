package io.weir.kubernetes.embedded.client;

import java.util.List;

/** Hears of changes. */
@FunctionalInterface
public interface ChangeListener {

    /**
     * Called with changes in their order, on one thread. The first call brings everything that
     * there is, as additions, and comes even when there is nothing.
     */
    void changed(List<Change> changes) throws InterruptedException;
}
