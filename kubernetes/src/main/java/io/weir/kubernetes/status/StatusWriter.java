package io.weir.kubernetes.status;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.collection.PersistentMap;
import io.weir.config.Status;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.resource.Gateway;
import io.weir.resource.HttpRoute;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Writes statuses where they differ from what is there. Looks at those objects alone whose status
 * is another one than the last time, that somebody touched, or that could not be written, and
 * remembers what it wrote, so that its own writes, when it hears of them, cost a comparison only.
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
    private final Set<ObjectKey> again = new LinkedHashSet<>();
    private PersistentMap<ObjectKey, Status> told = PersistentMap.empty();
    private ObjectSet seen = ObjectSet.EMPTY;

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
     * @param touched objects that may be others in the API than the last time
     * @return what came of it
     */
    public Pass write(
            PersistentMap<ObjectKey, Status> statuses, ObjectSet objects, Set<ObjectKey> touched) {
        int writes = 0;
        for (ObjectKey key : doubtful(statuses, objects, touched)) {
            Status status = wanted(key, statuses, objects).orElse(null);
            Result result = status == null ? forget(key) : attempt(status);
            switch (result) {
                case WRITTEN -> writes++;
                case FAILED -> again.add(key);
                case SAME -> {}
            }
        }
        told = statuses;
        seen = objects;
        events.stream().limit(MOST_EVENTS).forEach(sink::record);
        events.clear();
        return new Pass(writes, again.size());
    }

    /** Writes as if nothing were known of what is there. */
    public void forgetAll() {
        written.clear();
        told = PersistentMap.empty();
        seen = ObjectSet.EMPTY;
    }

    /** Returns the objects that may need another status; Gateways if any, for their addresses. */
    private Set<ObjectKey> doubtful(
            PersistentMap<ObjectKey, Status> statuses, ObjectSet objects, Set<ObjectKey> touched) {
        Set<ObjectKey> doubtful = new LinkedHashSet<>(again);
        again.clear();
        doubtful.addAll(touched);
        told.differences(statuses, (key, _, _) -> doubtful.add(key));
        ObjectSet.changes(
                seen.all(HttpRoute.class),
                objects.all(HttpRoute.class),
                gone -> doubtful.add(gone.key()),
                route -> doubtful.add(route.key()));
        if (!doubtful.isEmpty()) {
            objects.all(Gateway.class).forEach(gateway -> doubtful.add(gateway.key()));
        }
        return doubtful;
    }

    /** Returns the status that an object should have; empty when that is not ours to say. */
    private static Optional<Status> wanted(
            ObjectKey key, PersistentMap<ObjectKey, Status> statuses, ObjectSet objects) {
        Status status = statuses.get(key);
        return status != null
                ? Optional.of(status)
                : objects.find(key)
                        .filter(HttpRoute.class::isInstance)
                        .map(route -> nothing(key, route.metadata().generation()));
    }

    private Result forget(ObjectKey key) {
        written.remove(key);
        return Result.SAME;
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
