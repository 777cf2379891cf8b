package io.weir.picker;

import java.util.Map;

/**
 * One model server: an address and a port.
 *
 * @param name name for people, metrics and explanations, for instance {@code
 *     default/vllm-llama3-8b-instruct-5d8f7-x2k4q-rank-0}
 * @param podName name of the Pod; empty when there is none
 * @param address IP address or host name
 * @param port port
 * @param labels labels of the Pod
 */
public record Endpoint(
        String name, String podName, String address, int port, Map<String, String> labels) {

    public Endpoint {
        labels = Map.copyOf(labels);
    }

    /** Returns {@code address:port}, with brackets around IPv6 addresses. */
    public String authority() {
        return address.indexOf(':') >= 0 ? "[" + address + "]:" + port : address + ":" + port;
    }
}
