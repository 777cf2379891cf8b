package io.weir.picker.prefix;

/**
 * Where servers publish what happens in their KV caches.
 *
 * @param port port of the ZeroMQ publisher at the endpoint's address
 * @param topic what the topics begin with
 * @param blockBytes bytes of text in one block of the prefix index
 */
public record EventSource(int port, String topic, int blockBytes) {

    public EventSource {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
        }
    }
}
