package io.weir.bench.extproc;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What to send to a picker.
 *
 * @param target the picker
 * @param tls whether it speaks TLS
 * @param model the model that is asked for
 * @param connections connections; an Envoy has one for each worker
 * @param streams requests under way at once; in open loop the most
 * @param requestsPerSecond rate of an open loop; 0 for a closed loop
 * @param promptBytes length of a request's prompt
 * @param chunks pieces of an answer; 1 for an answer that is no stream
 * @param chunkInterval time from a piece to the next, whether the picker gave it back or not
 * @param warmup time before measuring
 * @param duration time to measure
 */
public record DirectPlan(
        InetSocketAddress target,
        boolean tls,
        String model,
        int connections,
        int streams,
        double requestsPerSecond,
        int promptBytes,
        int chunks,
        Duration chunkInterval,
        Duration warmup,
        Duration duration) {

    public DirectPlan {
        atLeastOne("connections", connections);
        atLeastOne("streams", streams);
        atLeastOne("chunks", chunks);
        if (requestsPerSecond < 0) {
            throw new IllegalArgumentException(
                    "requestsPerSecond: " + requestsPerSecond + " (expected: >= 0)");
        }
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
