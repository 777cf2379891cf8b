package io.weir.app.gateway;

import io.weir.app.tracing.TraceOptions;
import io.weir.config.PickerUse;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * What {@code weir gateway} was asked for.
 *
 * @param kubeconfig file that says how to reach the API; null for the usual places: the Pod's
 *     service account, {@code KUBECONFIG}, the user's own file
 * @param controllerName which GatewayClasses are ours
 * @param namespaces namespaces whose objects are read; empty for all
 * @param address address on which listeners are bound
 * @param addressPool range of addresses, one for each Gateway, instead of it; null for none
 * @param portOffset added to every listener port
 * @param service namespace and name of the Service whose addresses Gateways get; null for those
 *     that are bound
 * @param nodeAddress address of this node, for a NodePort Service; empty when not known
 * @param election who writes statuses; null when there is one replica only
 * @param admin address of the admin endpoints; port 0 for any free one
 * @param drainTimeout how long open requests may go on after a signal
 * @param bodyLimitBytes most bytes of a request body held in memory where no policy says
 * @param requestTimeout time for a whole request where no route or policy says; zero for none
 * @param pickers which pickers are asked where a pool does not say
 * @param accessLog file for one line per request, {@code -} for the standard output; null for none
 * @param traces whether and how requests are traced
 */
public record GatewayOptions(
        @Nullable Path kubeconfig,
        String controllerName,
        Set<String> namespaces,
        String address,
        @Nullable String addressPool,
        int portOffset,
        @Nullable String service,
        String nodeAddress,
        @Nullable Election election,
        InetSocketAddress admin,
        Duration drainTimeout,
        long bodyLimitBytes,
        Duration requestTimeout,
        PickerUse pickers,
        @Nullable Path accessLog,
        TraceOptions traces) {

    public GatewayOptions {
        namespaces = Set.copyOf(namespaces);
    }

    /**
     * How the replica that writes statuses is found.
     *
     * @param lease namespace and name of the Lease
     * @param identity name of this replica
     * @param duration how long a leader that died keeps the others waiting
     */
    public record Election(String lease, String identity, Duration duration) {}
}
