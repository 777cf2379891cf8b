package io.weir.picker.plugin;

import io.weir.picker.Endpoint;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The endpoints that the profiles of a pick chose. Immutable. */
public final class Chosen {

    private final List<Profile> profiles;
    private final int primary;
    private final @Nullable EndpointState[] endpoints;

    /**
     * Returns a choice.
     *
     * @param profiles the profiles
     * @param primary the profile whose endpoint gets the request
     * @param endpoints the endpoint of each profile; null for those that did not run
     */
    public Chosen(List<Profile> profiles, int primary, @Nullable EndpointState[] endpoints) {
        this.profiles = profiles;
        this.primary = primary;
        this.endpoints = endpoints.clone();
    }

    /** Returns the same choice with another primary endpoint. */
    public Chosen withPrimary(EndpointState other) {
        Chosen moved = new Chosen(profiles, primary, endpoints);
        moved.endpoints[primary] = other;
        return moved;
    }

    /** Returns the endpoint that gets the request. */
    public Endpoint primary() {
        return primaryState().endpoint();
    }

    /** Returns what is known of the endpoint that gets the request. */
    public EndpointState primaryState() {
        EndpointState state = endpoints[primary];
        if (state == null) {
            throw new IllegalStateException("profile " + primaryProfile() + " did not run");
        }
        return state;
    }

    /** Returns the name of the profile that chose the endpoint that gets the request. */
    public String primaryProfile() {
        return profiles.get(primary).name();
    }

    /** Returns the endpoint that a profile chose; null when it chose none. */
    public @Nullable EndpointState of(String profile) {
        for (int i = 0; i < endpoints.length; i++) {
            if (profiles.get(i).name().equals(profile)) {
                return endpoints[i];
            }
        }
        return null;
    }

    /** Returns the endpoint that a profile chose; null when it chose none. */
    public @Nullable EndpointState of(int profile) {
        return endpoints[profile];
    }
}
