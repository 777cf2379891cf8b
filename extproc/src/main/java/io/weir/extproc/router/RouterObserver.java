package io.weir.extproc.router;

/** Counts what the body-based router does. Called on gRPC threads: must not block. */
public interface RouterObserver {

    /** Counts nothing. */
    RouterObserver NONE = new RouterObserver() {};

    /** A request was answered with its model's headers set. */
    default void routed() {}

    /** A body was read and had no model. */
    default void modelMissing() {}

    /** A body was read and its model was an empty text. */
    default void modelEmpty() {}

    /** A body's model belongs to no known base model. */
    default void baseModelUnknown() {}

    /** A plugin ran, on a {@code request} or a {@code response}. */
    default void pluginRan(String point, PluginChain.Named plugin, long nanos) {}

    /** A request was refused. */
    default void refused(int status) {}
}
