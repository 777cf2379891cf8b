package io.weir.picker.plugin;

import io.weir.picker.Endpoint;
import io.weir.picker.HeaderField;
import io.weir.picker.PickResult;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * Which profiles run for a request. Profiles are numbered as configured. Immutable and shared by
 * all threads.
 */
public interface ProfilePlan {

    /** No profile, or no endpoint. */
    int NONE = -1;

    /** Runs the only profile. */
    ProfilePlan SINGLE =
            new ProfilePlan() {
                @Override
                public int primary(PickContext context) {
                    return 0;
                }

                @Override
                public int next(PickContext context, int previous) {
                    return previous == NONE ? 0 : NONE;
                }
            };

    /** Returns why a request cannot be planned for; null when it can. */
    default PickResult.@Nullable Refused refusal(PickContext context) {
        return null;
    }

    /** Returns the profile whose endpoint gets the request; it is among those that run. */
    int primary(PickContext context);

    /**
     * Returns the profile to run next, or {@link #NONE}.
     *
     * @param context tells by {@link PickContext#choice} what profiles chose so far
     * @param previous the profile that ran last; {@link #NONE} at first
     */
    int next(PickContext context, int previous);

    /** Returns what the client is told when the primary profile finds no endpoint. */
    default String failure() {
        return "no endpoints available for the given request";
    }

    /** Returns where a request for a chosen endpoint is sent. */
    default Endpoint destination(Endpoint chosen) {
        return chosen;
    }

    /** Returns whether a profile takes the work of reading the prompt from the primary one. */
    default boolean takesPrefill(int profile) {
        return false;
    }

    /** Says what the request's headers are to tell the endpoint. */
    default void requestHeaders(Chosen chosen, Consumer<HeaderField> headers) {}
}
