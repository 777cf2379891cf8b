package io.weir.app.up;

import io.weir.resource.ObjectKey;

/**
 * What happened to one object between two loads.
 *
 * @param kind what happened
 * @param object the object
 * @param source the file that it stands in, or stood in
 */
record ObjectChange(Kind kind, ObjectKey object, String source) {

    /** What happens to objects. */
    enum Kind {
        ADDED,
        CHANGED,
        REMOVED
    }

    @Override
    public String toString() {
        return switch (kind) {
            case ADDED -> object + " added";
            case CHANGED -> object + " changed";
            case REMOVED -> object + " removed";
        };
    }
}
