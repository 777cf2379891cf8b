package io.weir.picker.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.picker.Endpoint;
import io.weir.picker.prefix.EventSource;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.prefix.PromptHashes;
import io.weir.picker.state.EndpointState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A publisher as vLLM has one, and what its events do to the index. */
class KvEventFeedTest {

    private static final int CAPACITY = 100;
    private static final int BLOCK_TOKENS = 16;

    private final KvEventFeed feed = new KvEventFeed();
    private final ZContext context = new ZContext();
    private final ZMQ.Socket publisher = context.createSocket(SocketType.PUB);
    private final EndpointState endpoint =
            new EndpointState(new Endpoint("e", "pod", "127.0.0.1", 8000, Map.of()));
    private final PromptHashes prompt = new PromptHashes();
    private long sequence = 10;

    @BeforeEach
    void subscribe() {
        int port = publisher.bindToRandomPort("tcp://127.0.0.1");
        feed.configure(endpoint, new EventSource(port, 0, "kv@", BLOCK_TOKENS * 4));
        prompt.compute("llama", List.of(ByteBuffer.wrap(new byte[640])), PrefixSettings.DEFAULT);
        // A subscription takes a moment. The publisher's socket is used by this thread alone.
        for (int i = 0; i < 100 && endpoint.cacheCounts().snapshot().cleared() == 0; i++) {
            publish(new EventBatch().cleared());
            settle();
        }
        assertThat(endpoint.cacheCounts().snapshot().cleared()).isPositive();
    }

    @AfterEach
    void close() {
        feed.close();
        context.close();
    }

    @Test
    void whatOthersHaveStoredMakesTheIndexAge() {
        // Given
        remember();
        publish(new EventBatch().stored(10, BLOCK_TOKENS, "GPU"));

        // When
        publish(new EventBatch().stored(80, BLOCK_TOKENS, "GPU"));
        settle();

        // Then
        assertThat(known()).isEqualTo(10);

        // When
        publish(new EventBatch().storedAsMap(15, BLOCK_TOKENS));

        // Then
        await().until(() -> known() < 10);
    }

    @Test
    void whatWasSentFromHereDoesNotCountTwice() {
        // Given
        remember();
        publish(new EventBatch().stored(10, BLOCK_TOKENS, "GPU"));

        // When
        for (int i = 1; i <= 8; i++) {
            send(i);
        }

        // Then
        settle();
        assertThat(known()).isEqualTo(10);

        // When
        send(9);
        send(10);

        // Then
        await().until(() -> known() < 10);
    }

    @Test
    void removalsBeyondWhatCameMakeTheIndexAge() {
        remember();
        publish(new EventBatch().removed(150));

        await().until(() -> known() == 0);
    }

    @Test
    void anEmptiedCacheIsForgotten() {
        remember();
        publish(new EventBatch().cleared());

        await().until(() -> known() == 0);
    }

    @Test
    void aRestartedServerIsForgotten() {
        remember();
        sequence = 0;
        publish(new EventBatch().stored(1, BLOCK_TOKENS, "GPU"));

        await().until(() -> known() == 0);
    }

    @Test
    void nonsenseDoesNotEndTheSubscription() {
        remember();
        send(new byte[] {1, 2, 3});
        send(new byte[0]);
        publish(new EventBatch().cleared());

        await().until(() -> known() == 0);
    }

    private void remember() {
        int matched = endpoint.prefixes().match(prompt, CAPACITY, 0);
        endpoint.prefixes().record(prompt, matched, CAPACITY);
    }

    /** Sends another prompt, which the server stores. */
    private void send(int number) {
        PromptHashes other = new PromptHashes();
        byte[] text = new byte[640];
        text[0] = (byte) number;
        other.compute("llama", List.of(ByteBuffer.wrap(text)), PrefixSettings.DEFAULT);
        endpoint.prefixes().record(other, 0, CAPACITY);
        publish(new EventBatch().stored(10, BLOCK_TOKENS, "GPU"));
    }

    private int known() {
        return endpoint.prefixes().match(prompt, CAPACITY, 0);
    }

    private void publish(EventBatch batch) {
        send(batch.bytes());
    }

    private void send(byte[] payload) {
        publisher.sendMore("kv@127.0.0.1:8000@llama");
        publisher.sendMore(ByteBuffer.allocate(8).putLong(sequence++).array());
        publisher.send(payload);
    }

    /** Gives what was published time to arrive, where nothing is to be seen of it. */
    private static void settle() {
        LockSupport.parkNanos(Duration.ofMillis(150).toNanos());
    }
}
