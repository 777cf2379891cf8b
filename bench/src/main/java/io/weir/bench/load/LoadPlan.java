package io.weir.bench.load;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * What to send.
 *
 * @param target where to
 * @param path request path
 * @param bodies request bodies, sent in turn
 * @param connections connections; in open loop the most requests under way at once
 * @param requestsPerSecond rate of an open loop; 0 for a closed loop
 * @param warmup time before measuring
 * @param duration time to measure
 * @param maxRequests stop after so many measured requests; 0 for no bound
 */
public record LoadPlan(
        InetSocketAddress target,
        String path,
        List<byte[]> bodies,
        int connections,
        double requestsPerSecond,
        Duration warmup,
        Duration duration,
        long maxRequests) {

    public LoadPlan {
        bodies = List.copyOf(bodies);
        if (bodies.isEmpty()) {
            throw new IllegalArgumentException("bodies: none (expected: at least one)");
        }
        if (connections < 1) {
            throw new IllegalArgumentException("connections: " + connections + " (expected: >= 1)");
        }
        if (requestsPerSecond < 0) {
            throw new IllegalArgumentException(
                    "requestsPerSecond: " + requestsPerSecond + " (expected: >= 0)");
        }
    }

    /** Returns a chat completion request body. */
    public static byte[] chatBody(String model, int promptBytes, int maxTokens, boolean stream) {
        String filler = "The weir turns the river into pools. ".repeat(promptBytes / 37 + 1);
        String body =
                """
                {"model":"%s","max_tokens":%d,"ignore_eos":true,"stream":%b,"messages":[{"role":"user","content":"%s"}]}\
                """
                        .formatted(model, maxTokens, stream, filler.substring(0, promptBytes));
        return body.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a body of a streamed request that asks for usage, too. */
    public static byte[] withUsage(byte[] streamedBody) {
        return new String(streamedBody, StandardCharsets.UTF_8)
                .replace(
                        "\"stream\":true",
                        "\"stream\":true,\"stream_options\":{\"include_usage\":true}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
