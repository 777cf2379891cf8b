package io.weir.config;

import io.weir.resource.Resource;

import java.util.Comparator;
import java.util.List;

/** Who wins when objects conflict: the oldest, then the first by namespace, name and group. */
final class Precedence {

    static final Comparator<Resource> OLDEST_FIRST =
            Comparator.comparing((Resource resource) -> resource.metadata().createdAt())
                    .thenComparing(resource -> resource.metadata().objectName())
                    .thenComparing(Resource::group);

    private Precedence() {}

    static <T extends Resource> List<T> oldestFirst(List<T> resources) {
        return resources.stream().sorted(OLDEST_FIRST).toList();
    }
}
