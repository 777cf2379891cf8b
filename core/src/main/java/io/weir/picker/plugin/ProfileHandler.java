package io.weir.picker.plugin;

import java.util.List;

/** Says which profiles judge a request, and in which order. */
@FunctionalInterface
public non-sealed interface ProfileHandler extends Plugin {

    /**
     * Returns a plan for these profiles.
     *
     * @param profiles names of the configured profiles, at least one
     * @throws PluginException when the handler cannot do with these profiles
     */
    ProfilePlan plan(List<String> profiles);
}
