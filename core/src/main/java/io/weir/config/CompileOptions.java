package io.weir.config;

import io.weir.picker.Endpoint;
import io.weir.resource.Deployment;
import io.weir.resource.Gateway;
import io.weir.resource.GatewayClass;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.Origin;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the compiler has to be told beside the objects.
 *
 * @param adopts which GatewayClasses are ours; {@code weir up} adopts all
 * @param implicitClass whether a Gateway whose GatewayClass does not exist is adopted
 * @param addresses where Gateways are bound
 * @param portOffset added to every listener port
 * @param defaultBodyLimitBytes most bytes of a request body held in memory where no policy says
 * @param defaultRequestTimeoutMillis time for a whole request where nothing says; 0 for none
 * @param replicas simulated replicas of Deployments, which pools and Services find by their
 *     selectors
 * @param extraEndpoints endpoints of a pool that come from elsewhere, for instance from an
 *     endpoints file; as long as it is the same function, it is taken to return the same
 * @param pickers which pickers are asked where a pool does not say
 * @param origins file and line of a field of an object, for the problems
 */
public record CompileOptions(
        Predicate<GatewayClass> adopts,
        boolean implicitClass,
        Addresses addresses,
        int portOffset,
        long defaultBodyLimitBytes,
        long defaultRequestTimeoutMillis,
        Replicas replicas,
        Function<InferencePool, List<Endpoint>> extraEndpoints,
        PickerRule pickers,
        BiFunction<ObjectKey, String, Origin> origins) {

    /** Options of a machine that runs no images. */
    public CompileOptions(
            Predicate<GatewayClass> adopts,
            boolean implicitClass,
            Addresses addresses,
            int portOffset,
            long defaultBodyLimitBytes,
            long defaultRequestTimeoutMillis,
            Replicas replicas,
            Function<InferencePool, List<Endpoint>> extraEndpoints,
            BiFunction<ObjectKey, String, Origin> origins) {
        this(
                adopts,
                implicitClass,
                addresses,
                portOffset,
                defaultBodyLimitBytes,
                defaultRequestTimeoutMillis,
                replicas,
                extraEndpoints,
                PickerRule.LOCAL,
                origins);
    }

    /** Returns these options with another rule for pickers. */
    public CompileOptions withPickers(PickerRule rule) {
        return new CompileOptions(
                adopts,
                implicitClass,
                addresses,
                portOffset,
                defaultBodyLimitBytes,
                defaultRequestTimeoutMillis,
                replicas,
                extraEndpoints,
                rule,
                origins);
    }

    /** Nothing beside the objects. */
    static final CompileOptions NONE =
            new CompileOptions(
                    _ -> false,
                    false,
                    _ -> "",
                    0,
                    0,
                    0,
                    Replicas.NONE,
                    _ -> List.of(),
                    (_, _) -> new Origin("", 0));

    /** Name of this controller, for Gateways without a GatewayClass. */
    public static final String CONTROLLER_NAME = "weir.dev/gateway-controller";

    /** Where Gateways are bound. */
    @FunctionalInterface
    public interface Addresses {

        /**
         * Returns the address on which a Gateway's listeners are bound; empty when there is none
         * for it.
         */
        String of(Gateway gateway);

        /** Returns whether clients reach a Gateway at an address that it asks for. */
        default boolean reach(Gateway gateway, String wanted) {
            return wanted.equals(of(gateway));
        }
    }

    /** Simulated replicas of Deployments. */
    @FunctionalInterface
    public interface Replicas {

        /** No Deployment is simulated. */
        Replicas NONE = (_, _) -> List.of();

        /**
         * Returns one endpoint, with the labels of its Pod, for each replica.
         *
         * @param deployment the Deployment
         * @param port a port of its Pods
         * @return the servers that stand for this port; none when the Deployment is not simulated
         *     or nothing listens there
         */
        List<Endpoint> at(Deployment deployment, int port);
    }
}
