package io.weir.kubernetes.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One state of one object.
 *
 * @param key where it is
 * @param version its resource version
 * @param file the file that owns the object, with a line when known; empty when it came over the
 *     API. Such objects are not written to disk: their file is read at the next start.
 * @param object the object with that resource version in its metadata; not to be changed
 */
public record Stored(Key key, long version, String file, ObjectNode object) {

    /** Returns whether a manifest file owns the object. */
    public boolean isFromFile() {
        return !file.isEmpty();
    }
}
