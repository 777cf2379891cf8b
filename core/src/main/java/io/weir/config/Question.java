package io.weir.config;

import io.weir.picker.Endpoint;
import io.weir.resource.BackendTlsPolicy;
import io.weir.resource.Deployment;
import io.weir.resource.EndpointSlice;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.Pod;
import io.weir.resource.Resource;
import io.weir.resource.Service;
import io.weir.routing.Backend;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * What a piece of a compilation can ask about everything around it. The next compilation asks the
 * same again, and keeps the piece when all answers are the same.
 *
 * @param <A> type of the answer
 */
sealed interface Question<A> {

    /** Returns the answer, null when there is none; that of an unchanged thing is the same one. */
    @Nullable A answer(Facts facts);

    /** Returns what the answer depends on: while nothing of it is touched, it is the same. */
    List<Topic> topics();

    /** The object of this kind and name. */
    record Named<T extends Resource>(Class<T> type, ObjectName name) implements Question<T> {
        @Override
        public @Nullable T answer(Facts facts) {
            return facts.objects().find(type, name).orElse(null);
        }

        @Override
        public List<Topic> topics() {
            return List.of(new Topic.Named(type, name));
        }
    }

    /** Whether an object of this kind and name exists. */
    record Exists(Class<? extends Resource> type, ObjectName name) implements Question<Boolean> {
        @Override
        public Boolean answer(Facts facts) {
            return facts.objects().find(type, name).isPresent();
        }

        @Override
        public List<Topic> topics() {
            return List.of(new Topic.Named(type, name));
        }
    }

    /** Whether a pool of this key exists. */
    record PoolExists(ObjectKey key) implements Question<Boolean> {
        @Override
        public Boolean answer(Facts facts) {
            return facts.objects().find(key).isPresent();
        }

        @Override
        public List<Topic> topics() {
            return List.of(new Topic.Named(InferencePool.class, key.objectName()));
        }
    }

    /** The listeners of our Gateway of this name that a reference names. */
    record ListenersOf(ObjectName gateway, @Nullable String section, @Nullable Integer port)
            implements Question<GatewayPlan.Offer> {
        @Override
        public GatewayPlan.@Nullable Offer answer(Facts facts) {
            return facts.offer(this);
        }

        @Override
        public List<Topic> topics() {
            return List.of(new Topic.OfGateway(gateway), new Topic.Offered(this));
        }
    }

    /** What routes see of the pool of this key. */
    record PoolOf(ObjectKey key) implements Question<CompiledPool.Use> {
        @Override
        public CompiledPool.@Nullable Use answer(Facts facts) {
            CompiledPool pool = facts.pools().get(key);
            return pool == null ? null : pool.use();
        }

        @Override
        public List<Topic> topics() {
            return List.of(new Topic.OfPool(key));
        }
    }

    /** Whether objects of a kind in a namespace may refer to another object. */
    record Permitted(String group, String kind, String namespace, ObjectKey to)
            implements Question<Boolean> {
        @Override
        public Boolean answer(Facts facts) {
            return Grants.permit(facts.objects(), this);
        }

        @Override
        public List<Topic> topics() {
            return List.of(new Topic.GrantsIn(to.namespace()));
        }
    }

    /** Pods, among which are all those that a selector selects. */
    record Pods(String namespace, Map<String, String> selector) implements Question<List<Pod>> {
        @Override
        public List<Pod> answer(Facts facts) {
            return facts.labels().pods().candidates(namespace, selector);
        }

        @Override
        public List<Topic> topics() {
            return labelled(Pod.class, namespace, selector);
        }
    }

    /** Deployments, among which are all those whose Pods a selector selects. */
    record Deployments(String namespace, Map<String, String> selector)
            implements Question<List<Deployment>> {
        @Override
        public List<Deployment> answer(Facts facts) {
            return facts.labels().deployments().candidates(namespace, selector);
        }

        @Override
        public List<Topic> topics() {
            return labelled(Deployment.class, namespace, selector);
        }
    }

    /** EndpointSlices, among which are all those that a selector selects. */
    record Slices(String namespace, Map<String, String> selector)
            implements Question<List<EndpointSlice>> {
        @Override
        public List<EndpointSlice> answer(Facts facts) {
            return facts.labels().slices().candidates(namespace, selector);
        }

        @Override
        public List<Topic> topics() {
            return labelled(EndpointSlice.class, namespace, selector);
        }
    }

    /** Simulated replicas of a Deployment. */
    record Replicas(Deployment deployment, int port) implements Question<List<Endpoint>> {
        @Override
        public List<Endpoint> answer(Facts facts) {
            return facts.options().replicas().at(deployment, port);
        }

        @Override
        public List<Topic> topics() {
            return List.of(Topic.General.REPLICAS);
        }
    }

    /** Endpoints of a pool that come from elsewhere. */
    record Extra(InferencePool pool) implements Question<List<Endpoint>> {
        @Override
        public List<Endpoint> answer(Facts facts) {
            return facts.options().extraEndpoints().apply(pool);
        }

        @Override
        public List<Topic> topics() {
            return List.of(Topic.General.ENDPOINTS);
        }
    }

    /** A port of an existing Service with its endpoints. */
    record ServicePort(ObjectName service, int port) implements Question<Backend> {
        @Override
        public Backend answer(Facts facts) {
            return facts.service(this);
        }

        @Override
        public List<Topic> topics() {
            return List.of(new Topic.OfService(this));
        }
    }

    private static List<Topic> labelled(
            Class<? extends Resource> type, String namespace, Map<String, String> selector) {
        return selector.entrySet().stream()
                .<Topic>map(entry ->
                        new Topic.Labelled(type, namespace, entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Which pickers are asked where a pool does not say. */
    record Pickers() implements Question<PickerRule> {
        @Override
        public PickerRule answer(Facts facts) {
            return facts.options().pickers();
        }

        @Override
        public List<Topic> topics() {
            return List.of(Topic.General.PICKERS);
        }
    }

    /**
     * What is said of TLS to a Service.
     *
     * @param port name of the Service's port; empty when it has one only
     */
    record TlsOf(ObjectName service, String port) implements Question<BackendTlsPolicy> {
        @Override
        public @Nullable BackendTlsPolicy answer(Facts facts) {
            return facts.tlsPolicies().of(this);
        }

        @Override
        public List<Topic> topics() {
            return List.of(Topic.General.TLS_POLICIES, new Topic.Named(Service.class, service));
        }
    }
}
