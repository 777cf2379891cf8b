package io.weir.resource.manifest;

import io.weir.resource.ObjectKey;
import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Resource;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What came of decoding one object. */
public sealed interface DecodeResult {

    /**
     * The object is fine.
     *
     * @param resource the object
     * @param warnings fields without effect and the like
     */
    record Decoded(Resource resource, List<Problem> warnings) implements DecodeResult {
        public Decoded {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The object breaks a rule.
     *
     * @param key what the object is; null when its kind or name could not be read
     * @param problems why, at least one error; warnings too
     */
    record Refused(@Nullable ObjectKey key, List<Problem> problems) implements DecodeResult {
        public Refused {
            problems = List.copyOf(problems);
        }
    }

    /**
     * The object is of a kind that Weir does not read.
     *
     * @param origin where it is
     * @param apiVersion for instance {@code rbac.authorization.k8s.io/v1}
     * @param kind for instance {@code ClusterRole}
     * @param name its name; empty when it has none
     */
    record Unknown(Origin origin, String apiVersion, String kind, String name)
            implements DecodeResult {

        /** Returns a remark for people. */
        public Problem remark() {
            return new Problem(
                    Problem.Severity.WARNING,
                    origin,
                    name.isEmpty() ? kind : kind + " " + name,
                    "",
                    apiVersion + " is not read by Weir (left out)");
        }
    }
}
