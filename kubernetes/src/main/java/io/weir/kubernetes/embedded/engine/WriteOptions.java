package io.weir.kubernetes.embedded.engine;

/**
 * How a write is to be made.
 *
 * @param fieldManager who owns the fields that change
 * @param dryRun whether everything is done but storing
 * @param unknownFields what becomes of fields that the schema does not know
 * @param force whether an apply takes fields from other owners
 * @param file the file that the object comes from; empty when it comes over the API
 */
public record WriteOptions(
        String fieldManager,
        boolean dryRun,
        UnknownFields unknownFields,
        boolean force,
        String file) {

    /** What becomes of fields that the schema does not know, and of keys that occur twice. */
    public enum UnknownFields {
        /** They are dropped. */
        IGNORE,
        /** They are dropped and the writer is told. */
        WARN,
        /** The write is refused with 400. */
        STRICT
    }

    /** Returns the options of a plain write by a part of this program. */
    public static WriteOptions by(String fieldManager) {
        return new WriteOptions(fieldManager, false, UnknownFields.IGNORE, true, "");
    }

    /** Returns the options of a write that brings an object from a file. */
    public static WriteOptions fromFile(String fieldManager, String file) {
        return new WriteOptions(fieldManager, false, UnknownFields.WARN, true, file);
    }
}
