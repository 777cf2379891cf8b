package io.weir.config;

import io.weir.config.AttachedRoute.Place;
import io.weir.resource.ObjectSet;
import io.weir.routing.Backend;
import io.weir.routing.IndexedRouteTable;
import io.weir.routing.RouteSource;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The routes of a listener. Those of the next compilation are told apart from these, so that only
 * what changed goes out of the table and into it.
 */
final class ListenerRoutes {

    private final List<Place> places;
    private final List<RouteSource> sources;
    private final TrafficPolicies.Timeouts timeouts;
    private final List<String> bodyHeaders;
    private final IndexedRouteTable table;
    private final List<Backend> backends;
    private final Set<String> models;

    private ListenerRoutes(
            List<Place> places,
            List<RouteSource> sources,
            TrafficPolicies.Timeouts timeouts,
            List<String> bodyHeaders,
            IndexedRouteTable table) {
        this.places = places;
        this.sources = sources;
        this.timeouts = timeouts;
        this.bodyHeaders = bodyHeaders;
        this.table = table;
        this.backends = backends(places);
        this.models = models(places);
    }

    static ListenerRoutes of(
            @Nullable ListenerRoutes before,
            List<Place> places,
            TrafficPolicies traffic,
            List<String> bodyHeaders) {
        if (before == null || !before.bodyHeaders.equals(bodyHeaders)) {
            List<RouteSource> sources =
                    places.stream().map(place -> place.source(traffic)).toList();
            var table = IndexedRouteTable.of(sources, bodyHeaders);
            return new ListenerRoutes(places, sources, traffic.timeouts(), bodyHeaders, table);
        }
        return before.next(places, traffic);
    }

    private ListenerRoutes next(List<Place> now, TrafficPolicies traffic) {
        boolean sameTimes = timeouts.equals(traffic.timeouts());
        if (Memo.same(now, places) && sameTimes) {
            return this;
        }
        List<RouteSource> next = new ArrayList<>(now.size());
        List<RouteSource> gone = new ArrayList<>();
        List<RouteSource> added = new ArrayList<>();
        int at = 0;
        for (Place place : now) {
            while (at < places.size() && order(at, place) < 0) {
                gone.add(sources.get(at++));
            }
            RouteSource old = null;
            boolean same = false;
            if (at < places.size() && order(at, place) == 0) {
                same = Memo.same(places.get(at), place) && sameTimes;
                old = sources.get(at++);
            }
            RouteSource source = same && old != null ? old : place.source(traffic);
            if (source.equals(old)) {
                next.add(old);
                continue;
            }
            if (old != null) {
                gone.add(old);
            }
            added.add(source);
            next.add(source);
        }
        gone.addAll(sources.subList(at, sources.size()));
        return new ListenerRoutes(
                now, next, traffic.timeouts(), bodyHeaders, table.with(gone, added));
    }

    private int order(int index, Place place) {
        Place mine = places.get(index);
        return Memo.same(mine, place)
                ? 0
                : ObjectSet.compare(mine.route().route(), place.route().route());
    }

    private static List<Backend> backends(List<Place> places) {
        Set<Backend> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Backend> backends = new ArrayList<>();
        for (Place place : places) {
            for (Backend backend : place.backends()) {
                if (distinct.add(backend)) {
                    backends.add(backend);
                }
            }
        }
        return List.copyOf(backends);
    }

    private static Set<String> models(List<Place> places) {
        Set<String> models = new HashSet<>();
        places.forEach(place -> models.addAll(place.models()));
        return Set.copyOf(models);
    }

    IndexedRouteTable table() {
        return table;
    }

    /** Returns every backend that some rule can choose or mirror to. */
    List<Backend> backends() {
        return backends;
    }

    /** Returns models and base models that matches name. */
    Set<String> models() {
        return models;
    }
}
