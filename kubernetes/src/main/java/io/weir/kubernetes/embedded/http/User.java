package io.weir.kubernetes.embedded.http;

import java.util.List;

/**
 * Who asks.
 *
 * @param name for instance {@code admin}
 * @param groups for instance {@code system:masters}
 * @param mayWrite whether the user may do more than look
 */
public record User(String name, List<String> groups, boolean mayWrite) {

    public User {
        groups = List.copyOf(groups);
    }
}
