package io.weir.config;

import io.weir.resource.ObjectName;
import io.weir.routing.HeaderRule;

import java.util.List;

/** Headers that policies compute before routes match. */
final class HeaderPolicies {

    List<HeaderRule> rules(ObjectName gateway, String listener) {
        return List.of();
    }

    List<Status> statuses() {
        return List.of();
    }
}
