package io.weir.kubernetes.cluster;

import java.util.List;

/** Hears of changes. */
@FunctionalInterface
public interface ClusterListener {

    /**
     * Called on the feed's thread with changes in their order.
     *
     * @param changes what changed, maybe nothing
     * @param complete whether everything that is served has been listed; until then objects are
     *     missing
     */
    void changed(List<ClusterChange> changes, boolean complete);
}
