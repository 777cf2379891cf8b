package io.weir.kubernetes.embedded.engine;

import io.weir.kubernetes.embedded.object.Names;

/** Names of roles may have colons and capitals. */
final class RoleRules implements KindRules {

    @Override
    public String nameProblem(String name) {
        return Names.pathSegmentProblem(name);
    }
}
