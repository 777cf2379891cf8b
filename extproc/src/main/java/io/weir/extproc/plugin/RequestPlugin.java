package io.weir.extproc.plugin;

import java.util.List;

/** Reads and changes requests whose body is a JSON object, before their route is chosen. */
public interface RequestPlugin extends BodyPlugin {

    /**
     * Called once for each request, when its body is complete. Later plugins, and the headers that
     * the router itself sets, see what this one leaves.
     *
     * @throws BodyRefusal when the client is to be refused
     */
    void request(BodyMessage request) throws BodyRefusal;

    /**
     * Returns the headers that nobody else may set, lower case. They are removed from requests that
     * this plugin does not see, for instance those without a body.
     */
    default List<String> ownHeaders() {
        return List.of();
    }
}
