package io.weir.routing;

/** Request headers that the gateway derives from the body, so that routes can match them. */
public final class RoutingHeaders {

    /** The model that the request names. */
    public static final String MODEL = "X-Gateway-Model-Name";

    /** The base model of the model that the request names. */
    public static final String BASE_MODEL = "X-Gateway-Base-Model-Name";

    private RoutingHeaders() {}
}
