package io.weir.config;

import io.weir.resource.BackendTlsPolicy;
import io.weir.resource.Deployment;
import io.weir.resource.EndpointSlice;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.Pod;
import io.weir.resource.ReferenceGrant;
import io.weir.resource.Resource;

import java.util.Map;
import java.util.function.Consumer;

/**
 * What an answer can depend on. A compilation knows which topics have been touched since the one
 * before, and asks again only those who asked about them.
 */
sealed interface Topic {

    /** Objects of a kind and name. */
    record Named(Class<? extends Resource> type, ObjectName name) implements Topic {}

    /** ReferenceGrants of a namespace. */
    record GrantsIn(String namespace) implements Topic {}

    /** Objects of a kind with a label; Deployments by the labels of their Pods. */
    record Labelled(Class<? extends Resource> type, String namespace, String label, String value)
            implements Topic {}

    /** Whether there is a Gateway of ours of a name. */
    record OfGateway(ObjectName name) implements Topic {}

    /** The listeners that a reference to a Gateway of ours names. */
    record Offered(Question.ListenersOf asked) implements Topic {}

    /** What routes see of a pool. */
    record OfPool(ObjectKey key) implements Topic {}

    /** Endpoints of a port of a Service. */
    record OfService(Question.ServicePort port) implements Topic {}

    /** What is not about one thing. */
    enum General implements Topic {
        /** Policies for TLS to Services. */
        TLS_POLICIES,
        /** Which pickers are asked where a pool does not say. */
        PICKERS,
        /** Simulated replicas. */
        REPLICAS,
        /** Further endpoints of pools. */
        ENDPOINTS
    }

    /** Tells which topics an object touches that came, went or changed. */
    static void touched(Resource object, Consumer<Topic> topics) {
        ObjectName name = object.metadata().objectName();
        topics.accept(new Named(object.getClass(), name));
        switch (object) {
            case ReferenceGrant _ -> topics.accept(new GrantsIn(name.namespace()));
            case BackendTlsPolicy _ -> topics.accept(General.TLS_POLICIES);
            case Pod pod -> labels(pod, pod.metadata().labels(), topics);
            case Deployment deployment -> labels(deployment, deployment.podLabels(), topics);
            case EndpointSlice slice -> labels(slice, slice.metadata().labels(), topics);
            default -> {}
        }
    }

    private static void labels(
            Resource object, Map<String, String> labels, Consumer<Topic> topics) {
        String namespace = object.metadata().namespace();
        labels.forEach((label, value) ->
                topics.accept(new Labelled(object.getClass(), namespace, label, value)));
    }
}
