package io.weir.picker.external;

/**
 * One change of headers. Changes are made in order.
 *
 * @param name name, lower case; may be a pseudo header
 * @param value value; empty for removals
 * @param kind what is done
 */
public record HeaderChange(String name, String value, Kind kind) {

    /** What is done. */
    public enum Kind {
        /** The value replaces those that are there. */
        SET,
        /** The value is added to those that are there. */
        ADD,
        /** The value is set where there is none. */
        SET_IF_ABSENT,
        /** The value replaces those that are there, if any. */
        SET_IF_PRESENT,
        /** All values go. */
        REMOVE
    }
}
