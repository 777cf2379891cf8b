package io.weir.config;

import io.weir.collection.PersistentMap;
import io.weir.resource.ObjectKey;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Brings the statuses of all objects up to date. */
final class StatusTable {

    private PersistentMap<ObjectKey, Status> statuses;

    /**
     * Makes a table.
     *
     * @param before the statuses of the compilation before
     */
    StatusTable(PersistentMap<ObjectKey, Status> before) {
        this.statuses = before;
    }

    void put(ObjectKey object, @Nullable Status status) {
        statuses = status == null ? statuses.without(object) : statuses.with(object, status);
    }

    /** Puts statuses in the place of others. */
    void replace(List<Status> before, List<Status> now) {
        if (Memo.same(before, now)) {
            return;
        }
        Set<ObjectKey> gone = new HashSet<>();
        before.forEach(status -> gone.add(status.object()));
        for (Status status : now) {
            gone.remove(status.object());
            put(status.object(), status);
        }
        gone.forEach(object -> put(object, null));
    }

    PersistentMap<ObjectKey, Status> now() {
        return statuses;
    }
}
