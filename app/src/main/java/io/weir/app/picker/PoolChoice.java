package io.weir.app.picker;

import io.weir.resource.EndpointSlice;
import io.weir.resource.InferenceModel;
import io.weir.resource.InferenceModelRewrite;
import io.weir.resource.InferenceObjective;
import io.weir.resource.InferencePool;
import io.weir.resource.InferencePool.AppProtocol;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectMeta;
import io.weir.resource.ObjectSet;
import io.weir.resource.Origin;
import io.weir.resource.Pod;
import io.weir.resource.PoolRef;
import io.weir.resource.Resource;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which pool is picked from: one that is an object, or one that the command line describes.
 *
 * @param group API group of the object
 * @param namespace namespace
 * @param name name
 * @param described selector and ports of a pool that is no object; null when it is one
 */
public record PoolChoice(
        String group, String namespace, String name, @Nullable Described described) {

    private static final List<Integer> NO_PORTS = List.of(8000);

    /**
     * A pool that is no object.
     *
     * @param selector labels of its Pods or of entries of an endpoints file
     * @param ports ports of its Pods
     */
    public record Described(Map<String, String> selector, List<Integer> ports) {
        public Described {
            selector = Map.copyOf(selector);
            ports = List.copyOf(ports);
        }
    }

    /** Returns the pool's key. */
    public ObjectKey key() {
        return new ObjectKey(group, "InferencePool", namespace, name);
    }

    /** Returns whether an object has to do with this pool. */
    boolean concerns(Resource object) {
        return switch (object) {
            case InferencePool pool -> pool.key().equals(key());
            case InferenceModelRewrite rewrite -> isOurs(rewrite, rewrite.poolRef());
            case InferenceObjective objective -> isOurs(objective, objective.poolRef());
            case InferenceModel model -> isOurs(model, model.poolRef());
            case Pod pod -> pod.metadata().namespace().equals(namespace);
            case EndpointSlice slice -> slice.metadata().namespace().equals(namespace);
            default -> false;
        };
    }

    private boolean isOurs(Resource object, PoolRef ref) {
        return object.metadata().namespace().equals(namespace) && ref.name().equals(name);
    }

    /** Returns the pool, or nothing as long as it does not exist. */
    Optional<InferencePool> find(ObjectSet objects) {
        Optional<InferencePool> found =
                objects.find(InferencePool.class, group, key().objectName());
        Described here = described;
        return here == null ? found.map(PoolChoice::withoutPicker) : Optional.of(made(here));
    }

    /** This process is the picker that the object names. */
    private static InferencePool withoutPicker(InferencePool pool) {
        return new InferencePool(
                pool.metadata(), pool.selector(), pool.targetPorts(), pool.appProtocol(), null);
    }

    private InferencePool made(Described described) {
        ObjectMeta metadata =
                new ObjectMeta(
                        group,
                        "v1",
                        namespace,
                        name,
                        Map.of(),
                        Map.of(),
                        1,
                        Instant.EPOCH,
                        new Origin("command line", 0));
        List<Integer> ports = described.ports().isEmpty() ? NO_PORTS : described.ports();
        return new InferencePool(metadata, described.selector(), ports, AppProtocol.HTTP, null);
    }
}
