package io.weir.kubernetes.status;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.config.Status;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.resource.ObjectKey;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Writes the status of one object where it differs from what is there. Safe for all threads. */
final class StatusAttempt {

    private static final Logger LOG = LoggerFactory.getLogger(StatusAttempt.class);

    private final StatusSink sink;
    private final Predicate<String> ours;
    private final GatewayAddresses addresses;
    private final InstantSource clock;

    StatusAttempt(
            StatusSink sink,
            Predicate<String> ours,
            GatewayAddresses addresses,
            InstantSource clock) {
        this.sink = sink;
        this.ours = ours;
        this.addresses = addresses;
        this.clock = clock;
    }

    /** What is there after an attempt, as far as it is known. */
    record Written(Status status, List<String> addresses, String resourceVersion) {}

    /** What came of an attempt. */
    sealed interface Outcome {

        /** The object is not there. */
        record Gone() implements Outcome {}

        /** The status was there already. */
        record Same(Written now) implements Outcome {}

        /**
         * The status is there now.
         *
         * @param events what people should hear of
         */
        record Changed(Written now, List<ObjectNode> events) implements Outcome {}

        /** It has to be tried again. */
        record Failed() implements Outcome {}
    }

    /**
     * Tries.
     *
     * @param last what is known to be there; null for nothing
     */
    Outcome run(Status status, @Nullable Written last) {
        try {
            return sink.find(status.object())
                    .map(object -> write(object, status, last))
                    .orElseGet(Outcome.Gone::new);
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("object", status.object())
                    .setCause(e)
                    .log("status not written, tried again soon");
            return new Outcome.Failed();
        }
    }

    private Outcome write(ObjectNode object, Status compiled, @Nullable Written last) {
        Status status = compiled;
        List<String> reached = List.of();
        if (isGateway(compiled.object())) {
            List<String> wanted = GatewayReach.wanted(object);
            GatewayReach reach =
                    new GatewayReach(
                            addresses.of(compiled.object(), compiled.addresses(), wanted), wanted);
            status = reach.tell(compiled);
            reached = reach.addresses();
        }
        Written now = new Written(status, reached, version(object));
        return now.equals(last) ? new Outcome.Same(now) : write(object, now);
    }

    private Outcome write(ObjectNode object, Written now) {
        ObjectNode before = Trees.objectAt(object, "status");
        Instant time = clock.instant();
        ObjectNode after = rendered(object, before, now, time);
        if (SameTree.test(before, after)) {
            return new Outcome.Same(now);
        }
        Optional<ObjectNode> stored = sink.write(object, after);
        if (stored.isEmpty()) {
            return new Outcome.Gone();
        }
        List<ObjectNode> events =
                StatusChanges.between(before, after).stream()
                        .map(news -> EventTree.of(object, news, time))
                        .toList();
        return new Outcome.Changed(
                new Written(now.status(), now.addresses(), version(stored.get())), events);
    }

    private ObjectNode rendered(ObjectNode object, ObjectNode before, Written now, Instant time) {
        Status status = now.status();
        long generation = sink.generation(object, status.observedGeneration());
        return new StatusTree(
                        before,
                        StatusShape.of(status.object()),
                        ours,
                        new ConditionTree(generation, time))
                .render(status, now.addresses());
    }

    static boolean isGateway(ObjectKey key) {
        return StatusShape.of(key) == StatusShape.GATEWAY;
    }

    private static String version(ObjectNode object) {
        return Trees.text(object, "metadata", "resourceVersion");
    }
}
