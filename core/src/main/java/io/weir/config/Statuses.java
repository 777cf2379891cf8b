package io.weir.config;

import io.weir.resource.ObjectKey;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps statuses that came out the same, so that who writes them sees at a glance what changed. */
final class Statuses {

    private Statuses() {}

    static Status kept(Status before, Status now) {
        return before.equals(now) ? before : now;
    }

    static List<Status> kept(List<Status> before, List<Status> now) {
        Map<ObjectKey, Status> known = new HashMap<>();
        before.forEach(status -> known.put(status.object(), status));
        return now.stream()
                .map(status -> kept(known.getOrDefault(status.object(), status), status))
                .toList();
    }
}
