package io.weir.simulator.events;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where KV-cache events are published, and how.
 *
 * @param endpoint ZeroMQ address; one with {@code *} is bound, others are connected to
 * @param replayEndpoint address where missed batches can be asked for; null for nowhere
 * @param topic topic of all messages; null for {@code kv@<address>:<port>@<model>}
 * @param asMaps whether events are maps; otherwise they are arrays
 * @param batchEvents most events in one message
 * @param replayBatches messages that are kept for replay
 * @param rank data-parallel rank
 */
public record KvEventSettings(
        String endpoint,
        @Nullable String replayEndpoint,
        @Nullable String topic,
        boolean asMaps,
        int batchEvents,
        int replayBatches,
        int rank) {

    private static final Pattern TCP = Pattern.compile("tcp://(.+):([0-9]{1,5})");
    private static final int BATCH_EVENTS = 16;
    private static final int REPLAY_BATCHES = 10_000;

    public KvEventSettings {
        require(TCP.matcher(endpoint).matches(), "endpoint", endpoint, "tcp://<address>:<port>");
        if (replayEndpoint != null) {
            boolean isTcp = TCP.matcher(replayEndpoint).matches();
            require(isTcp, "replayEndpoint", replayEndpoint, "tcp://<address>:<port>");
        }
        require(batchEvents >= 1, "batchEvents", batchEvents, ">= 1");
        require(replayBatches >= 1, "replayBatches", replayBatches, ">= 1");
        require(rank >= 0, "rank", rank, ">= 0");
    }

    /** Returns settings with an endpoint and the usual rest, without replay. */
    public static KvEventSettings at(String endpoint) {
        return new KvEventSettings(endpoint, null, null, false, BATCH_EVENTS, REPLAY_BATCHES, 0);
    }

    /** Returns the settings with a replay endpoint. */
    public KvEventSettings withReplay(@Nullable String newEndpoint) {
        return new KvEventSettings(
                endpoint, newEndpoint, topic, asMaps, batchEvents, replayBatches, rank);
    }

    /** Returns the settings with a topic. */
    public KvEventSettings withTopic(@Nullable String newTopic) {
        return new KvEventSettings(
                endpoint, replayEndpoint, newTopic, asMaps, batchEvents, replayBatches, rank);
    }

    /** Returns the settings with events as maps or as arrays. */
    public KvEventSettings withMaps(boolean maps) {
        return new KvEventSettings(
                endpoint, replayEndpoint, topic, maps, batchEvents, replayBatches, rank);
    }

    /** Returns the settings with other limits. */
    public KvEventSettings withLimits(int newBatchEvents, int newReplayBatches) {
        return new KvEventSettings(
                endpoint, replayEndpoint, topic, asMaps, newBatchEvents, newReplayBatches, rank);
    }

    /** Returns the settings for a rank: ports are higher by it. */
    public KvEventSettings withRank(int newRank) {
        return new KvEventSettings(
                shifted(endpoint, newRank - rank),
                replayEndpoint == null ? null : shifted(replayEndpoint, newRank - rank),
                topic,
                asMaps,
                batchEvents,
                replayBatches,
                newRank);
    }

    private static String shifted(String address, int ports) {
        Matcher tcp = TCP.matcher(address);
        if (!tcp.matches()) {
            return address;
        }
        return "tcp://" + tcp.group(1) + ":" + (Integer.parseInt(tcp.group(2)) + ports);
    }

    private static void require(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
