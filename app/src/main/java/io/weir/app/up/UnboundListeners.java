package io.weir.app.up;

import io.weir.collection.PersistentMap;
import io.weir.config.ListenerStatus;
import io.weir.config.Server;
import io.weir.config.Snapshot;
import io.weir.config.Status;
import io.weir.config.StatusCondition;
import io.weir.config.StatusCondition.Value;
import io.weir.proxy.BindFailure;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Says in the statuses of Gateways which of their listeners could not be bound. */
final class UnboundListeners implements UnaryOperator<PersistentMap<ObjectKey, Status>> {

    private static final String GROUP = "gateway.networking.k8s.io";
    private static final String ACCEPTED = "Accepted";
    private static final String PROGRAMMED = "Programmed";

    private final Supplier<Snapshot> snapshot;
    private final Supplier<List<BindFailure>> failures;

    /**
     * @param snapshot what is in force
     * @param failures ports that could not be bound for it
     */
    UnboundListeners(Supplier<Snapshot> snapshot, Supplier<List<BindFailure>> failures) {
        this.snapshot = snapshot;
        this.failures = failures;
    }

    @Override
    public PersistentMap<ObjectKey, Status> apply(PersistentMap<ObjectKey, Status> statuses) {
        Map<Place, String> unbound = unbound();
        PersistentMap<ObjectKey, Status> told = statuses;
        for (Place place : unbound.keySet()) {
            ObjectName name = place.gateway();
            ObjectKey key = new ObjectKey(GROUP, "Gateway", name.namespace(), name.name());
            Status status = statuses.get(key);
            if (status != null) {
                told = told.with(key, told(status, unbound));
            }
        }
        return told;
    }

    private Map<Place, String> unbound() {
        Map<Place, String> unbound = new HashMap<>();
        for (BindFailure failure : failures.get()) {
            for (Server server : snapshot.get().servers()) {
                if (server.port() == failure.port() && server.address().equals(failure.address())) {
                    String message =
                            failure.address() + ":" + failure.port() + ": " + failure.reason();
                    server.listeners()
                            .forEach(listener ->
                                    unbound.put(
                                            new Place(listener.gateway(), listener.name()),
                                            message));
                }
            }
        }
        return unbound;
    }

    private static Status told(Status status, Map<Place, String> unbound) {
        ObjectName gateway = status.object().objectName();
        List<ListenerStatus> listeners =
                status.listeners().stream()
                        .map(l -> told(l, unbound.get(new Place(gateway, l.name()))))
                        .toList();
        Status told = status.with(listeners);
        boolean some = listeners.stream().anyMatch(UnboundListeners::isProgrammed);
        return some ? told : told.with(no(PROGRAMMED, "Invalid", "no listener could be bound"));
    }

    private static ListenerStatus told(ListenerStatus listener, @Nullable String message) {
        return message == null
                ? listener
                : listener.with(no(ACCEPTED, "PortUnavailable", message))
                        .with(no(PROGRAMMED, "Invalid", message));
    }

    private static boolean isProgrammed(ListenerStatus listener) {
        return listener.conditions().stream()
                .anyMatch(found -> found.type().equals(PROGRAMMED) && found.isTrue());
    }

    private static StatusCondition no(String type, String reason, String message) {
        return new StatusCondition(type, Value.FALSE, reason, message);
    }

    private record Place(ObjectName gateway, String listener) {}
}
