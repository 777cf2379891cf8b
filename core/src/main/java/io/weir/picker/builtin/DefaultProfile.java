package io.weir.picker.builtin;

import io.weir.picker.plugin.Picker;
import io.weir.picker.plugin.Profile;
import io.weir.picker.plugin.SaturationDetector;
import io.weir.picker.prefix.PrefixSettings;

import java.util.List;

/** The profile of pools that have no configuration of their own. */
public final class DefaultProfile {

    private DefaultProfile() {}

    /** Returns the profile: the least expected work, ties broken at random. */
    public static Profile create() {
        return new Profile(
                "default",
                List.of(),
                List.of(new Profile.Weighted(new ExpectedWorkScorer(WorkCosts.DEFAULT), 1)),
                Pickers.MAX_SCORE,
                PrefixSettings.DEFAULT,
                detector());
    }

    /** Returns the detector of profiles that name none. */
    public static SaturationDetector detector() {
        return UtilizationDetector.DEFAULT;
    }

    /** Returns the picker of profiles that name none. */
    public static Picker picker() {
        return Pickers.MAX_SCORE;
    }
}
