package io.weir.config;

import io.weir.collection.PersistentMap;
import io.weir.config.AttachedRoute.Place;
import io.weir.config.GatewayPlan.Name;
import io.weir.resource.ObjectKey;
import io.weir.routing.Backend;
import io.weir.routing.IndexedRouteTable;
import io.weir.routing.RouteSource;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The routes of a listener. Those of the next compilation are told apart from these, so that only
 * what changed goes out of the table and into it. Immutable.
 */
final class ListenerRoutes {

    private final Name listener;
    private final PersistentMap<ObjectKey, Place> places;
    private final PersistentMap<ObjectKey, RouteSource> sources;
    private final TrafficPolicies.Timeouts timeouts;
    private final List<String> bodyHeaders;
    private final IndexedRouteTable table;

    private ListenerRoutes(
            Name listener,
            PersistentMap<ObjectKey, Place> places,
            PersistentMap<ObjectKey, RouteSource> sources,
            TrafficPolicies.Timeouts timeouts,
            List<String> bodyHeaders,
            IndexedRouteTable table) {
        this.listener = listener;
        this.places = places;
        this.sources = sources;
        this.timeouts = timeouts;
        this.bodyHeaders = bodyHeaders;
        this.table = table;
    }

    static ListenerRoutes of(
            @Nullable ListenerRoutes before,
            Name listener,
            PersistentMap<ObjectKey, Place> places,
            TrafficPolicies traffic,
            List<String> bodyHeaders) {
        ListenerRoutes base =
                before != null && before.bodyHeaders.equals(bodyHeaders)
                        ? before
                        : new ListenerRoutes(
                                listener,
                                PersistentMap.empty(),
                                PersistentMap.empty(),
                                traffic.timeouts(),
                                bodyHeaders,
                                IndexedRouteTable.of(List.of(), bodyHeaders));
        return base.next(places, traffic);
    }

    private ListenerRoutes next(PersistentMap<ObjectKey, Place> now, TrafficPolicies traffic) {
        boolean sameTimes = timeouts.equals(traffic.timeouts());
        if (Memo.same(now, places) && sameTimes) {
            return this;
        }
        Change change = new Change(traffic);
        if (sameTimes) {
            places.differences(now, (route, _, place) -> change.put(route, place));
        } else {
            now.forEach(change::put);
            places.keySet().stream()
                    .filter(route -> !now.containsKey(route))
                    .forEach(route -> change.put(route, null));
        }
        return new ListenerRoutes(
                listener,
                now,
                change.next,
                traffic.timeouts(),
                bodyHeaders,
                table.with(change.gone, change.added));
    }

    /** What goes out of the table and into it. */
    private final class Change {
        private final TrafficPolicies traffic;
        private final List<RouteSource> gone = new ArrayList<>();
        private final List<RouteSource> added = new ArrayList<>();
        private PersistentMap<ObjectKey, RouteSource> next = sources;

        Change(TrafficPolicies traffic) {
            this.traffic = traffic;
        }

        void put(ObjectKey route, @Nullable Place place) {
            RouteSource old = sources.get(route);
            RouteSource now = place == null ? null : place.source(listener, traffic);
            if (Objects.equals(old, now)) {
                return;
            }
            if (old != null) {
                gone.add(old);
            }
            if (now == null) {
                next = next.without(route);
            } else {
                added.add(now);
                next = next.with(route, now);
            }
        }
    }

    IndexedRouteTable table() {
        return table;
    }

    /** Returns every backend that some rule can choose or mirror to. Looks at all routes. */
    List<Backend> backends() {
        Set<Backend> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Backend> backends = new ArrayList<>();
        for (Place place : places.values()) {
            place.route().backends().filter(distinct::add).forEach(backends::add);
        }
        return backends;
    }

    /** Returns models and base models that matches name. Looks at all routes. */
    Set<String> models() {
        return places.values().stream()
                .flatMap(place -> place.route().models())
                .collect(Collectors.toUnmodifiableSet());
    }
}
