package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One address and port with its listeners.
 *
 * @param address address to bind
 * @param port port to bind, offset applied
 * @param protocol protocol of all listeners here
 * @param listeners listeners, most specific host name first
 */
public record Server(String address, int port, Protocol protocol, List<Listener> listeners) {

    public Server {
        listeners = List.copyOf(listeners);
    }

    /** What a port speaks. */
    public enum Protocol {
        /** Clear-text HTTP. */
        HTTP,
        /** HTTP over TLS. */
        HTTPS
    }

    /**
     * Returns the listener for a host: exact names before wildcards, longer wildcards before
     * shorter ones, the listener without a name last.
     *
     * @param host host of the request in lower case, without port
     * @return the listener, or null when none accepts the host
     */
    public @Nullable Listener listenerFor(String host) {
        for (Listener listener : listeners) {
            if (listener.accepts(host)) {
                return listener;
            }
        }
        return null;
    }
}
