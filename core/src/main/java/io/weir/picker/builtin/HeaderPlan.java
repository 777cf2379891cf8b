package io.weir.picker.builtin;

import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.ProfilePlan;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The profile that a header names, or else a default one; a sole profile in any case.
 *
 * @param header header, lower case
 * @param profiles names of the profiles
 * @param fallback the profile of requests without the header; NONE when there is none
 */
record HeaderPlan(String header, List<String> profiles, int fallback) implements ProfilePlan {

    HeaderPlan {
        profiles = List.copyOf(profiles);
    }

    @Override
    public @Nullable Refused refusal(PickContext context) {
        if (primary(context) != NONE) {
            return null;
        }
        String named = context.header(header);
        String value = named == null ? "is missing" : "\"" + named + "\" names no profile";
        return new Refused(Reason.BAD_REQUEST, "header " + header + " " + value, 0);
    }

    @Override
    public int primary(PickContext context) {
        if (profiles.size() == 1) {
            return 0;
        }
        String named = context.header(header);
        return named == null || named.isEmpty() ? fallback : profiles.indexOf(named);
    }

    @Override
    public int next(PickContext context, int previous) {
        return previous == NONE ? primary(context) : NONE;
    }
}
