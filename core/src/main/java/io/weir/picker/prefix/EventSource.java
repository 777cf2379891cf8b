package io.weir.picker.prefix;

/**
 * Where servers publish what happens in their KV caches. Ports are those of data-parallel rank 0;
 * those of others are higher by the rank.
 *
 * @param port port of the ZeroMQ publisher at the endpoint's address
 * @param replayPort port where messages that were missed can be asked for; 0 for none
 * @param topic what the topics begin with
 * @param blockBytes bytes of text in one block of the prefix index
 */
public record EventSource(int port, int replayPort, String topic, int blockBytes) {

    public EventSource {
        require(port >= 1 && port <= 65_535, "port", port, "1..65535");
        require(replayPort >= 0 && replayPort <= 65_535, "replayPort", replayPort, "0..65535");
    }

    private static void require(boolean holds, String name, int value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
