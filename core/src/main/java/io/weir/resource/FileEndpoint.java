package io.weir.resource;

import java.util.Map;

/**
 * A model server named by an endpoints file.
 *
 * @param name namespace and name, unique in the file
 * @param address IPv4 address, IPv6 address (without brackets) or host name
 * @param port port, 1..65535
 * @param labels labels, which pools select; {@code metricsAddress} and {@code metricsPort} tell
 *     where its metrics are when that is elsewhere
 * @param origin where in the file it stands
 */
public record FileEndpoint(
        ObjectName name, String address, int port, Map<String, String> labels, Origin origin) {
    public FileEndpoint {
        labels = Map.copyOf(labels);
    }
}
