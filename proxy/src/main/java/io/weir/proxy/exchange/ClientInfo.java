package io.weir.proxy.exchange;

/**
 * What is known of a client's connection.
 *
 * @param address IP address of the client
 * @param scheme {@code http} or {@code https}
 */
public record ClientInfo(String address, String scheme) {}
