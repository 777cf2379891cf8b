package io.weir.app.picker;

import io.weir.picker.Endpoint;

/**
 * An endpoint as labels of the reference name it.
 *
 * @param name name within the namespace
 * @param namespace namespace
 */
record EndpointLabels(String name, String namespace) {

    static EndpointLabels of(Endpoint endpoint) {
        String whole = endpoint.name();
        int slash = whole.indexOf('/');
        return slash < 0
                ? new EndpointLabels(whole, "")
                : new EndpointLabels(whole.substring(slash + 1), whole.substring(0, slash));
    }
}
