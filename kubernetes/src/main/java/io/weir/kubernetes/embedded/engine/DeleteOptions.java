package io.weir.kubernetes.embedded.engine;

/**
 * How something is to be deleted.
 *
 * @param propagation what becomes of the objects that it owns
 * @param uid uid that it must have; empty for any
 * @param resourceVersion version that it must have; empty for any
 * @param gracePeriodSeconds how long a Pod may take to stop; negative for what the Pod says
 * @param dryRun whether everything is done but deleting
 * @param file the file that gives the object up; empty when it is deleted over the API
 */
public record DeleteOptions(
        Propagation propagation,
        String uid,
        String resourceVersion,
        long gracePeriodSeconds,
        boolean dryRun,
        String file) {

    /** A plain deletion. */
    public static final DeleteOptions PLAIN =
            new DeleteOptions(Propagation.BACKGROUND, "", "", -1, false, "");

    /** What becomes of owned objects. */
    public enum Propagation {
        /** They are deleted afterwards. */
        BACKGROUND,
        /** They are deleted before. */
        FOREGROUND,
        /** They stay and lose their owner. */
        ORPHAN
    }

    /** Returns a deletion that waits for nothing. */
    public static DeleteOptions now() {
        return new DeleteOptions(Propagation.BACKGROUND, "", "", 0, false, "");
    }

    /** Returns the deletion of an object that is no longer in its file. */
    public static DeleteOptions fromFile(String file) {
        return new DeleteOptions(Propagation.BACKGROUND, "", "", 0, false, file);
    }
}
