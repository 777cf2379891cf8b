package io.weir.kubernetes.status;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.collection.PersistentMap;
import io.weir.config.Status;
import io.weir.kubernetes.status.StatusAttempt.Outcome;
import io.weir.kubernetes.status.StatusAttempt.Written;
import io.weir.resource.Gateway;
import io.weir.resource.HttpRoute;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;

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
 * Many statuses are written side by side, as each write waits for the API.
 */
public final class StatusWriter {

    private static final int AT_ONCE = 16;

    private final StatusSink sink;
    private final StatusAttempt attempt;
    private final EventBudget budget;
    private final Map<ObjectKey, Written> written = new HashMap<>();
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
        this.attempt = new StatusAttempt(sink, ours, addresses, clock);
        this.budget = new EventBudget(clock);
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
            PersistentMap<ObjectKey, Status> statuses, ObjectSet objects, Set<ObjectKey> touched)
            throws InterruptedException {
        List<Status> wanted = new ArrayList<>();
        for (ObjectKey key : doubtful(statuses, objects, touched)) {
            wanted(key, statuses, objects).ifPresentOrElse(wanted::add, () -> written.remove(key));
        }
        Outcome[] outcomes = attempts(wanted);
        told = statuses;
        seen = objects;
        int writes = 0;
        List<ObjectNode> events = new ArrayList<>();
        for (int i = 0; i < outcomes.length; i++) {
            remember(wanted.get(i).object(), outcomes[i]);
            if (outcomes[i] instanceof Outcome.Changed(_, List<ObjectNode> news)) {
                writes++;
                events.addAll(news);
            }
        }
        events.stream().limit(budget.take(events.size())).forEach(sink::record);
        return new Pass(writes, again.size());
    }

    /** Gateways come first and one after the other: addresses are given in their order. */
    private Outcome[] attempts(List<Status> wanted) throws InterruptedException {
        Outcome[] outcomes = new Outcome[wanted.size()];
        for (int i = 0; i < outcomes.length; i++) {
            if (StatusAttempt.isGateway(wanted.get(i).object())) {
                outcomes[i] = attempt(wanted.get(i));
            }
        }
        SideBySide.forEach(
                outcomes.length,
                AT_ONCE,
                i -> {
                    if (!StatusAttempt.isGateway(wanted.get(i).object())) {
                        outcomes[i] = attempt(wanted.get(i));
                    }
                });
        return outcomes;
    }

    private Outcome attempt(Status status) {
        return attempt.run(status, written.get(status.object()));
    }

    private void remember(ObjectKey key, Outcome outcome) {
        switch (outcome) {
            case Outcome.Gone _ -> written.remove(key);
            case Outcome.Same(Written now) -> written.put(key, now);
            case Outcome.Changed(Written now, _) -> written.put(key, now);
            case Outcome.Failed _ -> again.add(key);
        }
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

    private static Status nothing(ObjectKey key, long generation) {
        return new Status(key, generation, List.of(), List.of(), List.of(), List.of(), List.of());
    }

    /**
     * What came of one pass.
     *
     * @param writes statuses written
     * @param failures statuses that could not be written now
     */
    public record Pass(int writes, int failures) {}
}
