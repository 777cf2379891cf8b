package io.weir.picker.setup;

import io.weir.picker.plugin.Admitter;
import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickObserver;
import io.weir.picker.plugin.Picker;
import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PrefixSource;
import io.weir.picker.plugin.Producer;
import io.weir.picker.plugin.Profile;
import io.weir.picker.plugin.ProfileHandler;
import io.weir.picker.plugin.ProfilePlan;
import io.weir.picker.plugin.SaturationDetector;
import io.weir.picker.plugin.Schedule;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.plugin.Screener;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.tokens.Tokenizing;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The schedulingProfiles section of a document, and all plugins that work without being listed. */
final class ProfilesSection {

    private final YamlMap document;
    private final PluginSet plugins;
    private final SaturationDetector detector;

    ProfilesSection(YamlMap document, PluginSet plugins, SaturationDetector detector) {
        this.document = document;
        this.plugins = plugins;
        this.detector = detector;
    }

    Schedule schedule() {
        PrefixSettings prefixes = prefixes();
        List<Profile> profiles = new ArrayList<>();
        for (ProfileParts parts : parts()) {
            profiles.add(parts.build(prefixes, detector));
        }
        return new Schedule(
                profiles,
                plan(profiles.stream().map(Profile::name).toList()),
                plugins.all(Screener.class),
                plugins.all(Admitter.class),
                plugins.all(PickObserver.class),
                prefixes,
                plugins.all(Producer.Load.class).stream().findFirst().orElse(Producer.Load.LEARNED),
                tokenizing(),
                plugins.all(Producer.Agent.class).stream()
                        .map(Producer.Agent::session)
                        .findFirst()
                        .orElse(null));
    }

    /** Tokens are of use only where servers tell which of them they hold. */
    private @Nullable Tokenizing tokenizing() {
        boolean isPrecise =
                plugins.all(PrefixSource.class).stream()
                        .anyMatch(producer -> producer.events() != null);
        if (!isPrecise) {
            return null;
        }
        List<Producer.Tokens> producers = plugins.all(Producer.Tokens.class);
        return producers.isEmpty() ? Tokenizing.DEFAULT : producers.getFirst().how();
    }

    private ProfilePlan plan(List<String> profiles) {
        List<ProfileHandler> handlers = plugins.all(ProfileHandler.class);
        if (handlers.size() > 1) {
            String names = String.join(", ", handlers.stream().map(plugins::nameOf).toList());
            throw PluginException.on("plugins", names + " (expected: one profile handler)");
        }
        if (!handlers.isEmpty()) {
            return handlers.getFirst().plan(profiles);
        }
        if (profiles.size() > 1) {
            throw PluginException.on(
                    "schedulingProfiles",
                    profiles.size() + " profiles (expected: 1, or a profile handler)");
        }
        return ProfilePlan.SINGLE;
    }

    private List<ProfileParts> parts() {
        List<YamlMap> written = document.maps("schedulingProfiles");
        Picker picker = plugins.all(Picker.class).stream().findFirst().orElse(null);
        if (written.isEmpty()) {
            return List.of(new ProfileParts("default", plugins, picker).addAll());
        }
        Set<String> names = new HashSet<>();
        List<ProfileParts> all = new ArrayList<>();
        for (YamlMap profile : written) {
            String name = profile.requiredText("name");
            if (!names.add(name)) {
                throw PluginException.on(profile.field("name"), name + " (expected: used once)");
            }
            ProfileParts parts = new ProfileParts(name, plugins, picker);
            for (YamlMap entry : profile.maps("plugins")) {
                parts.add(entry);
            }
            profile.requireAllRead();
            all.add(parts);
        }
        return all;
    }

    /**
     * Matches are looked up in one table for each endpoint, which has to remember as much as the
     * plugin that asks for most.
     */
    private @Nullable PrefixSettings prefixes() {
        List<PrefixSettings> asked = new ArrayList<>();
        for (PrefixSource producer : plugins.all(PrefixSource.class)) {
            asked.add(producer.settings());
        }
        boolean isProduced = !asked.isEmpty();
        boolean isWanted = false;
        for (Plugin plugin : plugins.all()) {
            boolean consumes = plugin instanceof Filter || plugin instanceof Scorer;
            Optional<PrefixSettings> own = plugin.prefixSettings();
            isWanted |= consumes && own.isPresent();
            if (own.isPresent() && consumes && !isProduced) {
                asked.add(own.get());
            }
        }
        boolean hasObservers =
                plugins.all(PickObserver.class).stream().anyMatch(ProfilesSection::asks);
        if (!isWanted && !hasObservers && !isProduced) {
            return null;
        }
        return asked.isEmpty() ? PrefixSettings.DEFAULT : most(asked);
    }

    private static boolean asks(Plugin plugin) {
        return plugin.prefixSettings().isPresent();
    }

    private static PrefixSettings most(List<PrefixSettings> asked) {
        int blockBytes = asked.getFirst().blockBytes();
        for (PrefixSettings settings : asked) {
            if (settings.blockBytes() != blockBytes) {
                throw PluginException.on(
                        "plugins",
                        "blocks of %d and of %d bytes of text (expected: one size)"
                                .formatted(blockBytes, settings.blockBytes()));
            }
        }
        return asked.stream()
                .max(Comparator.comparingInt(PrefixSettings::capacityBlocks))
                .orElseThrow();
    }
}
