package io.weir.proxy;

/**
 * A port that could not be bound. It is tried again with the next snapshot.
 *
 * @param address address
 * @param port port
 * @param reason what the system says
 */
public record BindFailure(String address, int port, String reason) {}
