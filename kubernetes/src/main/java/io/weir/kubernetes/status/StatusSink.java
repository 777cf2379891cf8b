package io.weir.kubernetes.status;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.resource.ObjectKey;

import java.util.Optional;

/**
 * Where statuses are written: an API server. {@link #find} and {@link #write} are called on several
 * threads at the same time.
 *
 * <p>What fails for a reason that passes may throw any {@link RuntimeException}; the object is
 * tried again with the next pass.
 */
public interface StatusSink {

    /**
     * Returns an object as the API has it, maybe from a cache that lags a little; not to be
     * changed.
     */
    Optional<ObjectNode> find(ObjectKey key);

    /**
     * Replaces the status of an object.
     *
     * @param object the object as {@link #find} returned it
     * @param status the whole status; not to be changed
     * @return the object after it; empty when the object is gone
     */
    Optional<ObjectNode> write(ObjectNode object, ObjectNode status);

    /**
     * Tells people of a change; a loss is no harm.
     *
     * @param event an Event of the core group, complete but for its fate when there is one of that
     *     name: see {@link EventTree#again}
     */
    void record(ObjectNode event);

    /**
     * Returns the generation that was compiled.
     *
     * @param object the object as the API has it
     * @param compiled the generation that the compiled object had; not the API's when the object
     *     was compiled from elsewhere, as from a file
     */
    default long generation(ObjectNode object, long compiled) {
        return compiled;
    }
}
