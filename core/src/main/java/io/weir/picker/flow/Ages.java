package io.weir.picker.flow;

import org.jspecify.annotations.Nullable;

/** All requests in line in the order in which they came. Owned by one thread at a time. */
final class Ages {

    private @Nullable Waiting oldest;
    private @Nullable Waiting youngest;

    @Nullable Waiting oldest() {
        return oldest;
    }

    void add(Waiting request) {
        Waiting before = youngest;
        request.older = before;
        if (before == null) {
            oldest = request;
        } else {
            before.younger = request;
        }
        youngest = request;
    }

    void remove(Waiting request) {
        Waiting older = request.older;
        Waiting younger = request.younger;
        if (older == null) {
            oldest = younger;
        } else {
            older.younger = younger;
        }
        if (younger == null) {
            youngest = older;
        } else {
            younger.older = older;
        }
        request.older = null;
        request.younger = null;
    }
}
