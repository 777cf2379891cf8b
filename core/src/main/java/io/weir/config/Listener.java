package io.weir.config;

import io.weir.collection.Lazy;
import io.weir.model.BaseModels;
import io.weir.model.ReachableModels;
import io.weir.resource.ObjectName;
import io.weir.routing.Backend;
import io.weir.routing.HeaderRule;
import io.weir.routing.RouteTable;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A listener of a Gateway, compiled.
 *
 * @param gateway name of the Gateway
 * @param name name of the listener
 * @param hostname exact or {@code *.}-wildcard host name; null for every host
 * @param routes the rules
 * @param baseModels base models by adapter
 * @param headerRules headers that policies compute from the request before routes match
 * @param bodyLimitBytes most bytes of a request body held in memory; more is answered with 413
 * @param reachable every backend that some rule of this listener can choose
 * @param listed models that clients can ask for here
 */
public record Listener(
        ObjectName gateway,
        String name,
        @Nullable String hostname,
        RouteTable routes,
        BaseModels baseModels,
        List<HeaderRule> headerRules,
        long bodyLimitBytes,
        Lazy<List<Backend>> reachable,
        Lazy<ReachableModels> listed) {

    public Listener {
        headerRules = List.copyOf(headerRules);
    }

    /** Makes a listener of what is known already. */
    public Listener(
            ObjectName gateway,
            String name,
            @Nullable String hostname,
            RouteTable routes,
            BaseModels baseModels,
            List<HeaderRule> headerRules,
            long bodyLimitBytes,
            List<Backend> backends,
            ReachableModels models) {
        this(
                gateway,
                name,
                hostname,
                routes,
                baseModels,
                headerRules,
                bodyLimitBytes,
                new Lazy<>(() -> List.copyOf(backends)),
                new Lazy<>(() -> models));
    }

    /** Returns every backend that some rule can choose; takes a while when first asked. */
    public List<Backend> backends() {
        return reachable.get();
    }

    /** Returns the models that clients can ask for; takes a while when first asked. */
    public ReachableModels models() {
        return listed.get();
    }

    /** Makes a listener without a list of models. */
    public Listener(
            ObjectName gateway,
            String name,
            @Nullable String hostname,
            RouteTable routes,
            BaseModels baseModels,
            List<HeaderRule> headerRules,
            long bodyLimitBytes,
            List<Backend> backends) {
        this(
                gateway,
                name,
                hostname,
                routes,
                baseModels,
                headerRules,
                bodyLimitBytes,
                backends,
                ReachableModels.NONE);
    }

    boolean accepts(String host) {
        if (hostname == null) {
            return true;
        }
        if (hostname.startsWith("*.")) {
            return host.length() > hostname.length() - 1 && host.endsWith(hostname.substring(1));
        }
        return host.equals(hostname);
    }
}
