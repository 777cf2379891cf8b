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
 * @param nodeAddress IP address of the node that it runs on; empty when that is not known
 */
public record Endpoint(
        String name,
        String podName,
        String address,
        int port,
        Map<String, String> labels,
        String nodeAddress) {

    private static final String RANK = "-rank-";
    private static final int MOST_RANK_DIGITS = 4;

    public Endpoint {
        labels = Map.copyOf(labels);
    }

    /** Makes an endpoint of which the node is not known. */
    public Endpoint(
            String name, String podName, String address, int port, Map<String, String> labels) {
        this(name, podName, address, port, labels, "");
    }

    /** Returns the data-parallel rank, which the name ends with; 0 when it does not. */
    public int rank() {
        int at = name.lastIndexOf(RANK);
        if (at < 0 || name.length() - at - RANK.length() > MOST_RANK_DIGITS) {
            return 0;
        }
        int rank = 0;
        for (int i = at + RANK.length(); i < name.length(); i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            rank = 10 * rank + digit;
        }
        return rank;
    }

    /** Returns {@code address:port}, with brackets around IPv6 addresses. */
    public String authority() {
        return address.indexOf(':') >= 0 ? "[" + address + "]:" + port : address + ":" + port;
    }
}
