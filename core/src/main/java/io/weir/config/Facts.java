package io.weir.config;

import io.weir.config.Memo.Read;
import io.weir.config.Question.ServicePort;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.ObjectSet;
import io.weir.resource.Resource;
import io.weir.resource.Service;
import io.weir.routing.Backend;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Map<ServicePort, Memo<ServicePort, Backend>> servicesBefore;
    private final Map<ServicePort, Memo<ServicePort, Backend>> services = new HashMap<>();
    private final ServiceEndpoints serviceEndpoints = new ServiceEndpoints(new PodEndpoints(this));
    private final TlsPolicies tlsPolicies;
    private Map<ObjectName, GatewayPlan> gateways = Map.of();
    private Map<ObjectKey, CompiledPool> pools = Map.of();
    private @Nullable Map<Question<?>, Optional<Object>> asked;

    Facts(ObjectSet objects, CompileOptions options, ProblemLog problems, Reuse before) {
        this.objects = objects;
        this.options = options;
        this.problems = problems;
        this.labels = before.labels().next(objects);
        this.servicesBefore = before.services();
        this.tlsPolicies = new TlsPolicies(objects, problems);
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

    /** Returns the pool of this key. */
    Optional<InferencePool> pool(ObjectKey key) {
        return Optional.ofNullable(ask(new Question.PoolOf(key))).map(CompiledPool::object);
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

    private static List<Read> reads(Map<Question<?>, Optional<Object>> asked) {
        List<Read> reads = new ArrayList<>(asked.size());
        asked.forEach((question, answer) -> reads.add(new Read(question, answer.orElse(null))));
        return List.copyOf(reads);
    }

    /** Returns a port of a Service with its endpoints. */
    Backend service(ServicePort port) {
        Memo<ServicePort, Backend> known = services.get(port);
        if (known == null) {
            Memo<ServicePort, Backend> before = servicesBefore.get(port);
            known = memo(before, port, () -> resolved(port));
            services.put(port, known);
        }
        return known.result();
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

    void gateways(List<GatewayPlan> plans) {
        Map<ObjectName, GatewayPlan> byName = new HashMap<>();
        plans.forEach(plan -> byName.put(plan.name(), plan));
        gateways = byName;
    }

    void pools(Map<ObjectKey, CompiledPool> compiled) {
        pools = compiled;
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

    Map<ObjectKey, CompiledPool> pools() {
        return pools;
    }

    Map<ServicePort, Memo<ServicePort, Backend>> services() {
        return services;
    }
}
