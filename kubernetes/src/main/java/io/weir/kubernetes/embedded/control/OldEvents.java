package io.weir.kubernetes.embedded.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.engine.DeleteOptions;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** Forgets Events an hour after they last happened, as a Kubernetes API server does. */
public final class OldEvents implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OldEvents.class);
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
    private static final List<String> API_VERSIONS = List.of("v1", "events.k8s.io/v1");

    private final ApiClient client;
    private final InstantSource clock;
    private final Thread thread;

    /** Begins to look, once a minute, on a thread of its own. */
    public OldEvents(ApiClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("weir-old-events").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                forget();
                Thread.sleep(LOOK_EVERY);
            }
        } catch (InterruptedException e) {
            LOG.debug("events are kept from now on");
        }
    }

    /** Deletes the Events that are too old now. */
    void forget() {
        Instant oldest = clock.instant().minus(KEPT);
        for (String apiVersion : API_VERSIONS) {
            for (ObjectNode event : client.list(apiVersion, "Event", "")) {
                if (lastTime(event).isBefore(oldest)) {
                    delete(event);
                }
            }
        }
    }

    private void delete(ObjectNode event) {
        try {
            client.delete(event, DeleteOptions.PLAIN);
        } catch (ApiError e) {
            LOG.atDebug().addKeyValue("event", Trees.name(event)).setCause(e).log("not forgotten");
        }
    }

    private static Instant lastTime(ObjectNode event) {
        return Stream.of(
                        Trees.text(event, "lastTimestamp"),
                        Trees.text(event, "deprecatedLastTimestamp"),
                        Trees.text(event, "series", "lastObservedTime"),
                        Trees.text(event, "eventTime"),
                        Trees.text(event, "metadata", "creationTimestamp"))
                .map(OldEvents::instant)
                .max(Instant::compareTo)
                .orElseThrow();
    }

    private static Instant instant(String text) {
        try {
            return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
