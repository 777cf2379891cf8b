package io.weir.picker.plugin;

import io.weir.picker.HeaderField;

import java.util.function.Consumer;

/** Is told of every endpoint that was picked. */
public non-sealed interface PickObserver extends Plugin {

    /**
     * Called when an endpoint was reserved for a request, before the request is sent.
     *
     * @param context the request; its candidates are not to be asked for
     * @param chosen the endpoints of all profiles that ran
     * @param headers takes what the request's headers are to tell the endpoint
     */
    default void picked(PickContext context, Chosen chosen, Consumer<HeaderField> headers) {}

    /**
     * Says what the answer's headers are to tell the client.
     *
     * @param chosen the endpoints, the primary one being the one that answered
     */
    default void answerHeaders(Chosen chosen, Consumer<HeaderField> headers) {}
}
