package io.weir.extproc.plugin;

/**
 * Reads and changes answers whose body is a JSON object. Such answers are held to their end;
 * streams and all others pass piece by piece, and no plugin sees them.
 */
public interface ResponsePlugin extends BodyPlugin {

    /**
     * Called once for each answer, when its body is complete.
     *
     * @throws BodyRefusal when the client gets something else in its place
     */
    void response(BodyMessage response) throws BodyRefusal;
}
