package io.weir.config;

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
 * @param backends every backend that some rule of this listener can choose
 * @param models models that clients can ask for here
 */
public record Listener(
        ObjectName gateway,
        String name,
        @Nullable String hostname,
        RouteTable routes,
        BaseModels baseModels,
        List<HeaderRule> headerRules,
        long bodyLimitBytes,
        List<Backend> backends,
        ReachableModels models) {

    public Listener {
        headerRules = List.copyOf(headerRules);
        backends = List.copyOf(backends);
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
