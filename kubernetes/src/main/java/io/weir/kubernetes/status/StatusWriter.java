package io.weir.kubernetes.status;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.config.Status;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.resource.HttpRoute;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Writes statuses where they differ from what is there. Remembers what it wrote, so that an object
 * whose status and version are what they were costs a comparison only.
 */
public final class StatusWriter {

    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

    /** A change that concerns everything is not worth an event for each object. */
    private static final int MOST_EVENTS = 100;

    private final StatusSink sink;
    private final Predicate<String> ours;
    private final GatewayAddresses addresses;
    private final InstantSource clock;
    private final Map<ObjectKey, Written> written = new HashMap<>();
    private final List<ObjectNode> events = new ArrayList<>();

    /**
     * Makes a writer.
     *
     * @param sink where statuses are written
     * @param ours whether a controller's name is ours
     * @param addresses where clients reach Gateways
     * @param clock times of conditions
     */
    public StatusWriter(
            StatusSink sink,
            Predicate<String> ours,
            GatewayAddresses addresses,
            InstantSource clock) {
        this.sink = sink;
        this.ours = ours;
        this.addresses = addresses;
        this.clock = clock;
    }

    /**
     * Writes what differs, and then events for what people should hear of.
     *
     * @param statuses the status of every object that has one
     * @param objects the objects that were compiled; our entries are removed from routes that have
     *     no status any more
     * @return what came of it
     */
    public Pass write(Collection<Status> statuses, ObjectSet objects) {
        Map<ObjectKey, Status> wanted = new HashMap<>();
        statuses.forEach(status -> wanted.put(status.object(), status));
        Set<ObjectKey> absent = new HashSet<>(written.keySet());
        absent.removeAll(wanted.keySet());
        for (HttpRoute route : objects.all(HttpRoute.class)) {
            if (!wanted.containsKey(route.key())) {
                wanted.put(route.key(), nothing(route.key(), route.metadata().generation()));
                absent.remove(route.key());
            }
        }
        int writes = 0;
        int failures = 0;
        for (Status status : wanted.values()) {
            switch (attempt(status)) {
                case WRITTEN -> writes++;
                case FAILED -> failures++;
                case SAME -> {}
            }
        }
        written.keySet().removeAll(absent);
        events.stream().limit(MOST_EVENTS).forEach(sink::record);
        events.clear();
        return new Pass(writes, failures);
    }

    private static Status nothing(ObjectKey key, long generation) {
        return new Status(key, generation, List.of(), List.of(), List.of(), List.of(), List.of());
    }

    private Result attempt(Status status) {
        try {
            return write(status);
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("object", status.object())
                    .setCause(e)
                    .log("status not written, tried again soon");
            return Result.FAILED;
        }
    }

    private Result write(Status status) {
        ObjectNode object = sink.find(status.object()).orElse(null);
        if (object == null) {
            written.remove(status.object());
            return Result.SAME;
        }
        List<String> reached = List.of();
        if (StatusShape.of(status.object()) == StatusShape.GATEWAY) {
            List<String> wanted = GatewayReach.wanted(object);
            GatewayReach reach =
                    new GatewayReach(
                            addresses.of(status.object(), status.addresses(), wanted), wanted);
            status = reach.tell(status);
            reached = reach.addresses();
        }
        Written now = new Written(status, reached, version(object));
        if (now.equals(written.get(status.object()))) {
            return Result.SAME;
        }
        ObjectNode before = Trees.objectAt(object, "status");
        Instant time = clock.instant();
        long generation = sink.generation(object, status.observedGeneration());
        ObjectNode after =
                new StatusTree(
                                before,
                                StatusShape.of(status.object()),
                                ours,
                                new ConditionTree(generation, time))
                        .render(status, reached);
        if (SameTree.test(before, after)) {
            written.put(status.object(), now);
            return Result.SAME;
        }
        ObjectNode stored = sink.write(object, after).orElse(null);
        remember(status, reached, stored);
        if (stored != null) {
            StatusChanges.between(before, after)
                    .forEach(news -> events.add(EventTree.of(object, news, time)));
        }
        return Result.WRITTEN;
    }

    private void remember(Status status, List<String> reached, @Nullable ObjectNode stored) {
        if (stored == null) {
            written.remove(status.object());
        } else {
            written.put(status.object(), new Written(status, reached, version(stored)));
        }
    }

    private static String version(ObjectNode object) {
        return Trees.text(object, "metadata", "resourceVersion");
    }

    /**
     * What came of one pass.
     *
     * @param writes statuses written
     * @param failures statuses that could not be written now
     */
    public record Pass(int writes, int failures) {}

    private enum Result {
        SAME,
        WRITTEN,
        FAILED
    }

    private record Written(Status status, List<String> addresses, String resourceVersion) {}
}
