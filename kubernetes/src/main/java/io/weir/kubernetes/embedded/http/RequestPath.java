package io.weir.kubernetes.embedded.http;

import java.util.List;
import java.util.Optional;

/**
 * What a resource path names.
 *
 * @param group API group; empty for the core group
 * @param version API version
 * @param namespace the namespace; empty when the path has none
 * @param plural the resource
 * @param name the object; empty for all
 * @param subresource for instance {@code status}; empty for the object itself
 */
record RequestPath(
        String group,
        String version,
        String namespace,
        String plural,
        String name,
        String subresource) {

    /** Reads the segments after {@code /api} or {@code /apis}; empty when they name no resource. */
    static Optional<RequestPath> of(List<String> segments) {
        boolean core = segments.getFirst().equals("api");
        int at = core ? 1 : 2;
        if (segments.size() < at + 2) {
            return Optional.empty();
        }
        String group = core ? "" : segments.get(1);
        String version = segments.get(at);
        List<String> rest = segments.subList(at + 1, segments.size());
        String namespace = "";
        if (rest.getFirst().equals("namespaces") && isNamespaced(rest)) {
            namespace = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        if (rest.size() > 3) {
            return Optional.empty();
        }
        return Optional.of(
                new RequestPath(
                        group,
                        version,
                        namespace,
                        rest.getFirst(),
                        rest.size() > 1 ? rest.get(1) : "",
                        rest.size() > 2 ? rest.get(2) : ""));
    }

    /** {@code namespaces/x} and {@code namespaces/x/status} are about the namespace itself. */
    private static boolean isNamespaced(List<String> rest) {
        return rest.size() > 3
                || (rest.size() == 3
                        && !rest.get(2).equals("status")
                        && !rest.get(2).equals("finalize"));
    }
}
