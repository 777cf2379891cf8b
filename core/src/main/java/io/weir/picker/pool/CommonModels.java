package io.weir.picker.pool;

import io.weir.picker.state.EndpointState;
import io.weir.picker.state.ServedModels;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The list of models that all endpoints of a pool share, if they do. Thread-safe and lock-free.
 *
 * <p>The servers of a pool hardly ever serve different models, and lists change once in hours, so
 * no pick has to go through a thousand endpoints for them. Whoever changes an endpoint's list says
 * so afterwards; the next pick looks at all of them once more.
 */
final class CommonModels {

    private final AtomicInteger changes = new AtomicInteger();
    private volatile Found found = new Found(new EndpointState[0], 0, null);

    /** What was found, and when. Immutable. */
    private static final class Found {

        private final EndpointState[] of;
        private final int changes;
        private final @Nullable ServedModels models;

        Found(EndpointState[] of, int changes, @Nullable ServedModels models) {
            this.of = of;
            this.changes = changes;
            this.models = models;
        }

        @SuppressWarnings("ReferenceEquality") // A pool that changes gets another array.
        boolean isOf(EndpointState[] endpoints, int changesNow) {
            return of == endpoints && changes == changesNow;
        }
    }

    /** Notes that an endpoint's list is another one now. */
    void changed() {
        changes.incrementAndGet();
    }

    /** Returns the list that all endpoints share; null when they do not. */
    @Nullable ServedModels of(EndpointState[] endpoints) {
        // Before the lists: a change while they are read must not go unnoticed.
        int now = changes.get();
        Found last = found;
        if (!last.isOf(endpoints, now)) {
            last = new Found(endpoints, now, common(endpoints));
            found = last;
        }
        return last.models;
    }

    private static @Nullable ServedModels common(EndpointState[] endpoints) {
        if (endpoints.length == 0) {
            return null;
        }
        ServedModels first = endpoints[0].models();
        for (EndpointState endpoint : endpoints) {
            if (!endpoint.models().sameAs(first)) {
                return null;
            }
        }
        return first;
    }
}
