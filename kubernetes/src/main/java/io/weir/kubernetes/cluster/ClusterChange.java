package io.weir.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One change of one object. */
public sealed interface ClusterChange {

    /** Returns the object; for a removal, its last known state. Not to be changed. */
    ObjectNode object();

    /** The object is new or changed. */
    record Put(ObjectNode object) implements ClusterChange {}

    /** The object is gone. */
    record Removed(ObjectNode object) implements ClusterChange {}
}
