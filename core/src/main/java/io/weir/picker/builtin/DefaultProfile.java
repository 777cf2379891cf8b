package io.weir.picker.builtin;

import io.weir.picker.plugin.Profile;

import java.util.List;

/** The profile of pools that have no configuration of their own. */
public final class DefaultProfile {

    private DefaultProfile() {}

    /** Returns the profile. */
    public static Profile create() {
        return new Profile(
                "default",
                List.of(),
                List.of(new Profile.Weighted(new ExpectedWorkScorer(), 1)),
                (score, _) -> score);
    }
}
