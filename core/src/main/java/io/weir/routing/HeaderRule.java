package io.weir.routing;

import org.jspecify.annotations.Nullable;

/** A request header that a policy computes before routes match. */
public interface HeaderRule {

    /** Returns the name of the header. */
    String header();

    /**
     * Computes the value.
     *
     * @param head the request's head
     * @param model the model of the request's body; null when it has none
     * @return the value; null when there is none, which removes the header
     */
    @Nullable String evaluate(RequestHead head, @Nullable String model);
}
