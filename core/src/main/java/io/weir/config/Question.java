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

    /** The object of this kind and name. */
    record Named<T extends Resource>(Class<T> type, ObjectName name) implements Question<T> {
        @Override
        public @Nullable T answer(Facts facts) {
            return facts.objects().find(type, name).orElse(null);
        }
    }

    /** Whether an object of this kind and name exists. */
    record Exists(Class<? extends Resource> type, ObjectName name) implements Question<Boolean> {
        @Override
        public Boolean answer(Facts facts) {
            return facts.objects().find(type, name).isPresent();
        }
    }

    /** Our Gateway of this name. */
    record GatewayOf(ObjectName name) implements Question<GatewayPlan> {
        @Override
        public @Nullable GatewayPlan answer(Facts facts) {
            return facts.gateways().get(name);
        }
    }

    /** The pool of this key. */
    record PoolOf(ObjectKey key) implements Question<CompiledPool> {
        @Override
        public @Nullable CompiledPool answer(Facts facts) {
            return facts.pools().get(key);
        }
    }

    /** Whether objects of a kind in a namespace may refer to another object. */
    record Permitted(String group, String kind, String namespace, ObjectKey to)
            implements Question<Boolean> {
        @Override
        public Boolean answer(Facts facts) {
            return Grants.permit(facts.objects(), this);
        }
    }

    /** Pods, among which are all those that a selector selects. */
    record Pods(String namespace, Map<String, String> selector) implements Question<List<Pod>> {
        @Override
        public List<Pod> answer(Facts facts) {
            return facts.labels().pods().candidates(namespace, selector);
        }
    }

    /** Deployments, among which are all those whose Pods a selector selects. */
    record Deployments(String namespace, Map<String, String> selector)
            implements Question<List<Deployment>> {
        @Override
        public List<Deployment> answer(Facts facts) {
            return facts.labels().deployments().candidates(namespace, selector);
        }
    }

    /** EndpointSlices, among which are all those that a selector selects. */
    record Slices(String namespace, Map<String, String> selector)
            implements Question<List<EndpointSlice>> {
        @Override
        public List<EndpointSlice> answer(Facts facts) {
            return facts.labels().slices().candidates(namespace, selector);
        }
    }

    /** Simulated replicas of a Deployment. */
    record Replicas(Deployment deployment, int port) implements Question<List<Endpoint>> {
        @Override
        public List<Endpoint> answer(Facts facts) {
            return facts.options().replicas().at(deployment, port);
        }
    }

    /** Endpoints of a pool that come from elsewhere. */
    record Extra(InferencePool pool) implements Question<List<Endpoint>> {
        @Override
        public List<Endpoint> answer(Facts facts) {
            return facts.options().extraEndpoints().apply(pool);
        }
    }

    /** A port of an existing Service with its endpoints. */
    record ServicePort(ObjectName service, int port) implements Question<Backend> {
        @Override
        public Backend answer(Facts facts) {
            return facts.service(this);
        }
    }

    /** Which pickers are asked where a pool does not say. */
    record Pickers() implements Question<PickerRule> {
        @Override
        public PickerRule answer(Facts facts) {
            return facts.options().pickers();
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
    }
}
