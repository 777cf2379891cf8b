package io.weir.config;

import io.weir.picker.Endpoint;
import io.weir.resource.Deployment;
import io.weir.resource.Gateway;
import io.weir.resource.GatewayClass;
import io.weir.resource.InferencePool;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What the compiler has to be told beside the objects.
 *
 * @param adopts which GatewayClasses are ours; {@code weir up} adopts all
 * @param implicitClass whether a Gateway whose GatewayClass does not exist is adopted
 * @param addressOf address on which a Gateway's listeners are bound
 * @param portOffset added to every listener port
 * @param defaultBodyLimitBytes most bytes of a request body held in memory where no policy says
 * @param defaultRequestTimeoutMillis time for a whole request where nothing says; 0 for none
 * @param extraEndpoints endpoints of a pool that come from elsewhere: simulated replicas of
 *     Deployments and endpoints files
 * @param simulated whether a Deployment runs as simulated servers, so that its Pods are not
 *     expected among the objects
 */
public record CompileOptions(
        Predicate<GatewayClass> adopts,
        boolean implicitClass,
        Function<Gateway, String> addressOf,
        int portOffset,
        long defaultBodyLimitBytes,
        long defaultRequestTimeoutMillis,
        Function<InferencePool, List<Endpoint>> extraEndpoints,
        Predicate<Deployment> simulated) {}
