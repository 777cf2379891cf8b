package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.object.FieldError;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A say in what is stored. Called in the writer's thread before each create and update, after the
 * object was found valid by its schema; must not block.
 */
public interface Admission {

    /**
     * Looks at a write. Throwing an {@link io.weir.kubernetes.embedded.object.ApiError} refuses it
     * with that answer.
     */
    Verdict review(Review review);

    /**
     * A write that is about to be made.
     *
     * @param kind the kind
     * @param object the object as it would be stored; not to be changed
     * @param old the object as it is; null when it is new
     * @param subresource for instance {@code status}; empty for the object itself
     * @param file the file that the object comes from; empty when it comes over the API
     */
    record Review(
            KindInfo kind,
            ObjectNode object,
            @Nullable ObjectNode old,
            String subresource,
            String file) {}

    /**
     * What came of it.
     *
     * @param errors what is wrong; anything here refuses the write with 422
     * @param warnings what the writer is told although the write is made
     */
    record Verdict(List<FieldError> errors, List<String> warnings) {

        /** Nothing to say. */
        public static final Verdict FINE = new Verdict(List.of(), List.of());

        public Verdict {
            errors = List.copyOf(errors);
            warnings = List.copyOf(warnings);
        }
    }
}
