package io.weir.kubernetes.embedded.client;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.KindInfo;

/**
 * One change of one object.
 *
 * @param kind its kind
 * @param type what happened
 * @param object the object after it; for a deletion its last state. Not to be changed.
 * @param file the file that owns the object, with a line when known; empty when it came over the
 *     API
 */
public record Change(KindInfo kind, Type type, ObjectNode object, String file) {

    /** What can happen. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }
}
