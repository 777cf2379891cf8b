package io.weir.extproc.client;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.weir.picker.Endpoint;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/** Tells a channel the endpoints of its Service whenever they change. Thread-safe. */
final class EndpointResolver extends NameResolver.Factory {

    static final String SCHEME = "weir";

    private final String authority;
    private volatile List<Endpoint> endpoints;
    private NameResolver.@Nullable Listener2 listener;

    EndpointResolver(String authority, List<Endpoint> endpoints) {
        this.authority = authority;
        this.endpoints = endpoints;
    }

    /** Replaces the endpoints. */
    void resolve(List<Endpoint> changed) {
        if (changed.equals(endpoints)) {
            return;
        }
        NameResolver.Listener2 told;
        synchronized (this) {
            endpoints = changed;
            told = listener;
        }
        if (told != null) {
            tell(told, changed);
        }
    }

    private static void tell(NameResolver.Listener2 listener, List<Endpoint> endpoints) {
        if (endpoints.isEmpty()) {
            listener.onError(Status.UNAVAILABLE.withDescription("no endpoint of the picker"));
            return;
        }
        List<EquivalentAddressGroup> addresses =
                endpoints.stream().map(e -> new EquivalentAddressGroup(address(e))).toList();
        listener.onResult(
                NameResolver.ResolutionResult.newBuilder()
                        .setAddressesOrError(StatusOr.fromValue(addresses))
                        .build());
    }

    private static InetSocketAddress address(Endpoint endpoint) {
        return new InetSocketAddress(endpoint.address(), endpoint.port());
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
        return new Resolver();
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    private final class Resolver extends NameResolver {

        @Override
        public String getServiceAuthority() {
            return authority;
        }

        @Override
        public void start(Listener2 started) {
            List<Endpoint> now;
            synchronized (EndpointResolver.this) {
                listener = started;
                now = endpoints;
            }
            tell(started, now);
        }

        @Override
        public void refresh() {
            // The endpoints come when they change; there is nobody to ask.
        }

        @Override
        public void shutdown() {
            synchronized (EndpointResolver.this) {
                listener = null;
            }
        }
    }
}
