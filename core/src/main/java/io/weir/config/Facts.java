package io.weir.config;

import io.weir.collection.PersistentMap;
import io.weir.config.GatewayPlan.Offer;
import io.weir.config.Memo.Read;
import io.weir.config.Question.ListenersOf;
import io.weir.config.Question.ServicePort;
import io.weir.resource.HttpRoute;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.ObjectSet;
import io.weir.resource.Resource;
import io.weir.resource.Service;
import io.weir.routing.Backend;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Everything that pieces of one compilation ask about. It takes down who asked what, and so knows
 * which pieces of the compilation before can be kept.
 */
final class Facts {

    private final ObjectSet objects;
    private final CompileOptions options;
    private final ProblemLog problems;
    private final Labels labels;
    private final Set<Topic> touched = new HashSet<>();
    private final Map<ListenersOf, Offer> offers = new HashMap<>();
    private final ServiceEndpoints serviceEndpoints = new ServiceEndpoints(new PodEndpoints(this));
    private final TlsPolicies tlsPolicies;
    private Map<ObjectName, GatewayPlan> gateways = Map.of();
    private PersistentMap<ObjectKey, CompiledPool> pools = PersistentMap.empty();
    private Services services;
    private @Nullable Map<Question<?>, Optional<Object>> asked;

    Facts(ObjectSet objects, CompileOptions options, ProblemLog problems, Reuse before) {
        this.objects = objects;
        this.options = options;
        this.problems = problems;
        this.labels = before.labels().next(objects);
        this.services = before.services();
        this.tlsPolicies = new TlsPolicies(objects, problems);
        ObjectSet.changes(before.objects(), objects, this::touch);
        if (!Memo.same(options.extraEndpoints(), before.options().extraEndpoints())) {
            touched.add(Topic.General.ENDPOINTS);
        }
        if (!options.pickers().equals(before.options().pickers())) {
            touched.add(Topic.General.PICKERS);
        }
        // Replicas come and go without notice.
        if (!Memo.same(options.replicas(), CompileOptions.Replicas.NONE)
                || !Memo.same(options.replicas(), before.options().replicas())) {
            touched.add(Topic.General.REPLICAS);
        }
        services.readers().of(touched).forEach(this::update);
    }

    private void touch(Resource object) {
        Topic.touched(object, touched::add);
    }

    /** Returns what has been touched so far. */
    Set<Topic> touched() {
        return touched;
    }

    /** Returns the answer to a question. */
    <A> @Nullable A ask(Question<A> question) {
        A answer = question.answer(this);
        if (asked != null) {
            asked.put(question, Optional.ofNullable(answer));
        }
        return answer;
    }

    /** Returns the object of this kind and name. */
    <T extends Resource> Optional<T> find(Class<T> type, ObjectName name) {
        return Optional.ofNullable(ask(new Question.Named<>(type, name)));
    }

    /** Returns whether an object may refer to another; within a namespace it always may. */
    boolean permits(Resource from, ObjectKey to) {
        String namespace = from.metadata().namespace();
        if (namespace.equals(to.namespace())) {
            return true;
        }
        var question = new Question.Permitted(from.group(), from.kind(), namespace, to);
        return Boolean.TRUE.equals(ask(question));
    }

    /** Returns what routes see of the pool of this key. */
    Optional<CompiledPool.Use> pool(ObjectKey key) {
        return Optional.ofNullable(ask(new Question.PoolOf(key)));
    }

    /**
     * Returns the result of the compilation before, or makes it.
     *
     * @param before the result before; null when there is none
     * @param subject what the result is about
     */
    <S, R> Memo<S, R> memo(@Nullable Memo<S, R> before, S subject, Supplier<R> make) {
        if (before != null && before.holds(subject, this)) {
            problems.addAll(before.findings());
            return before;
        }
        Map<Question<?>, Optional<Object>> outer = asked;
        Map<Question<?>, Optional<Object>> own = new LinkedHashMap<>();
        int mark = problems.size();
        asked = own;
        try {
            R result = make.get();
            return new Memo<>(subject, result, reads(own), problems.since(mark));
        } finally {
            asked = outer;
        }
    }

    /**
     * Returns the result of the compilation before, or makes it, as a part of another one: whatever
     * it asked, the other one asked too.
     */
    <S, R> Memo<S, R> part(@Nullable Memo<S, R> before, S subject, Supplier<R> make) {
        Memo<S, R> memo = memo(before, subject, make);
        if (asked != null) {
            for (Read read : memo.reads()) {
                asked.put(read.question(), Optional.ofNullable(read.answer()));
            }
        }
        return memo;
    }

    private static List<Read> reads(Map<Question<?>, Optional<Object>> asked) {
        List<Read> reads = new ArrayList<>(asked.size());
        asked.forEach((question, answer) -> reads.add(new Read(question, answer.orElse(null))));
        return List.copyOf(reads);
    }

    /** Returns a port of a Service with its endpoints. */
    Backend service(ServicePort port) {
        Memo<ServicePort, Backend> known = services.memos().get(port);
        if (known == null) {
            known = memo(null, port, () -> resolved(port));
            services = services.with(known);
        }
        return known.result();
    }

    private void update(ServicePort port) {
        Memo<ServicePort, Backend> before = services.memos().get(port);
        Memo<ServicePort, Backend> now = memo(before, port, () -> resolved(port));
        if (!Memo.same(before, now)) {
            services = services.with(now);
            touched.add(new Topic.OfService(port));
        }
    }

    /** Forgets ports of Services and references to Gateways that only routes of before named. */
    void forget(Memos.Next<HttpRoute, ?> routes) {
        for (var change : routes.changes()) {
            List<Read> reads = change.before() == null ? List.of() : change.before().reads();
            for (Read read : reads) {
                switch (read.question()) {
                    case ServicePort port when isUnread(routes, new Topic.OfService(port)) ->
                            services = services.without(port);
                    case ListenersOf asked when isUnread(routes, new Topic.Offered(asked)) ->
                            offers.remove(asked);
                    default -> {}
                }
            }
        }
    }

    private static boolean isUnread(Memos.Next<HttpRoute, ?> routes, Topic topic) {
        return !routes.memos().isRead(topic);
    }

    private Backend resolved(ServicePort wanted) {
        return find(Service.class, wanted.service()).stream()
                .flatMap(service ->
                        service.ports().stream()
                                .filter(port -> port.port() == wanted.port())
                                .limit(1)
                                .map(port -> serviceEndpoints.backend(service, port)))
                .findFirst()
                .orElseGet(() -> new Backend.Unresolved(wanted + " does not exist"));
    }

    /** Takes our Gateways; those that are the same as before are the very same. */
    void gateways(List<GatewayPlan> plans, Reuse before) {
        Map<ObjectName, GatewayPlan> byName = new HashMap<>();
        plans.forEach(plan -> byName.put(plan.name(), plan));
        Set<ObjectName> comeOrGone = new HashSet<>(byName.keySet());
        comeOrGone.removeAll(before.gateways().keySet());
        before.gateways().keySet().stream()
                .filter(name -> !byName.containsKey(name))
                .forEach(comeOrGone::add);
        comeOrGone.forEach(name -> touched.add(new Topic.OfGateway(name)));
        gateways = byName;
        before.offers()
                .forEach((asked, offer) -> {
                    GatewayPlan now = byName.get(asked.gateway());
                    if (now != null) {
                        offers.put(
                                asked, offer(asked, now, offer, before.gateways().get(now.name())));
                    }
                });
    }

    /** Returns what a Gateway has now for a reference, and tells when it had something else. */
    private Offer offer(
            ListenersOf asked, GatewayPlan now, Offer known, @Nullable GatewayPlan before) {
        if (Memo.same(now, before)) {
            return known;
        }
        Offer offer = now.offer(asked);
        if (offer.equals(known)) {
            return known;
        }
        touched.add(new Topic.Offered(asked));
        return offer;
    }

    /** Returns what a Gateway has for a reference; the same as before when nothing changed. */
    @Nullable Offer offer(ListenersOf asked) {
        Offer known = offers.get(asked);
        GatewayPlan gateway = gateways.get(asked.gateway());
        if (known != null || gateway == null) {
            return known;
        }
        Offer offer = gateway.offer(asked);
        offers.put(asked, offer);
        return offer;
    }

    /**
     * Takes the pools.
     *
     * @param compiled all pools
     * @param before the pools before
     */
    void pools(
            PersistentMap<ObjectKey, CompiledPool> compiled,
            PersistentMap<ObjectKey, CompiledPool> before) {
        pools = compiled;
        before.differences(
                compiled,
                (key, old, now) -> {
                    if (old == null || now == null || !Memo.same(old.use(), now.use())) {
                        touched.add(new Topic.OfPool(key));
                    }
                });
    }

    ObjectSet objects() {
        return objects;
    }

    CompileOptions options() {
        return options;
    }

    Labels labels() {
        return labels;
    }

    TlsPolicies tlsPolicies() {
        return tlsPolicies;
    }

    Map<ObjectName, GatewayPlan> gateways() {
        return gateways;
    }

    Map<ListenersOf, Offer> offers() {
        return offers;
    }

    PersistentMap<ObjectKey, CompiledPool> pools() {
        return pools;
    }

    Services services() {
        return services;
    }
}
