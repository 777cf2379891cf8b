package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

/** The version of Kubernetes whose API this is. Clients choose their behaviour by it. */
final class ApiVersion {

    static final String GIT = "v1.32.0+weir";

    private ApiVersion() {}

    static ObjectNode tree() {
        ObjectNode version = Trees.object();
        version.put("major", "1").put("minor", "32").put("gitVersion", GIT);
        version.put("gitCommit", "").put("gitTreeState", "").put("buildDate", "");
        version.put("goVersion", "").put("compiler", "javac");
        return version.put("platform", "java/" + Runtime.version().feature());
    }
}
