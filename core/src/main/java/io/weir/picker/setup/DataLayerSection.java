package io.weir.picker.setup;

import io.weir.picker.plugin.DataPlugin;
import io.weir.picker.plugin.DataPlugin.Extractor;
import io.weir.picker.plugin.DataPlugin.FileDiscovery;
import io.weir.picker.plugin.DataPlugin.MetricsSource;
import io.weir.picker.plugin.DataPlugin.ModelsSource;
import io.weir.picker.plugin.DataPlugin.Notifications;
import io.weir.picker.plugin.DataPlugin.Source;
import io.weir.picker.plugin.PickObserver;
import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PrefixSource;
import io.weir.picker.plugin.Producer;
import io.weir.picker.prefix.EventSource;
import io.weir.picker.setup.DataLayerSettings.Use;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The dataLayer section of a document. */
final class DataLayerSection {

    private static final List<String> WITHOUT_EFFECT =
            List.of("peerDiscovery", "crossReplicaSyncerPluginRef");

    private final YamlMap document;
    private final PluginSet plugins;
    private final List<String> warnings;

    DataLayerSection(YamlMap document, PluginSet plugins, List<String> warnings) {
        this.document = document;
        this.plugins = plugins;
        this.warnings = warnings;
    }

    DataLayerSettings settings() {
        YamlMap section = document.map("dataLayer");
        if (section == null) {
            return new DataLayerSettings(withDefaults(List.of()), events(), null);
        }
        List<Use> uses = new ArrayList<>();
        for (YamlMap entry : section.maps("sources")) {
            uses.add(use(entry));
        }
        boolean defaults = section.flag("injectDefaults", true);
        section.skip("crossReplicaSyncInterval");
        for (String field : WITHOUT_EFFECT) {
            if (section.has(field)) {
                checkReference(section, field);
                warnings.add(
                        section.field(field)
                                + ": has no effect: replicas do not share what they know");
            }
        }
        String endpointsFile = endpointsFile(section);
        section.requireAllRead();
        return new DataLayerSettings(defaults ? withDefaults(uses) : uses, events(), endpointsFile);
    }

    private @Nullable String endpointsFile(YamlMap section) {
        YamlMap reference = section.map("discovery");
        return reference == null
                ? null
                : plugins.require(reference, FileDiscovery.class, "a file-discovery").path();
    }

    private @Nullable EventSource events() {
        for (PrefixSource producer : plugins.all(PrefixSource.class)) {
            if (producer.events() != null) {
                return producer.events();
            }
        }
        return null;
    }

    private void checkReference(YamlMap section, String field) {
        if (field.endsWith("PluginRef")) {
            plugins.get(section.field(field), section.requiredText(field));
            return;
        }
        YamlMap reference = section.map(field);
        if (reference != null) {
            plugins.get(reference.field("pluginRef"), reference.requiredText("pluginRef"));
        }
    }

    /** A metrics source that is listed replaces the one that is there by itself. */
    private List<Use> withDefaults(List<Use> listed) {
        List<Use> all = new ArrayList<>(listed);
        if (listed.stream().noneMatch(use -> use.source() instanceof MetricsSource)) {
            MetricsSource source = plugins.named("metrics-data-source", MetricsSource.class);
            DataPlugin.CoreMetrics core =
                    plugins.named("core-metrics-extractor", DataPlugin.CoreMetrics.class);
            all.add(
                    new Use(
                            source == null ? DataLayerSettings.METRICS : source,
                            List.of(core == null ? DataLayerSettings.CORE : core)));
        }
        if (listed.stream().noneMatch(use -> use.source() instanceof ModelsSource)) {
            ModelsSource source = plugins.named("models-data-source", ModelsSource.class);
            all.add(
                    new Use(
                            source == null ? DataLayerSettings.MODELS : source,
                            List.of(new DataPlugin.ModelList())));
        }
        return all;
    }

    private Use use(YamlMap entry) {
        Source source = plugins.require(entry, Source.class, "a data source");
        List<Extractor> extractors = new ArrayList<>();
        for (YamlMap item : entry.maps("extractors")) {
            Plugin plugin = plugins.require(item, Plugin.class, "an extractor");
            if (plugin instanceof Extractor extractor) {
                extractors.add(extractor);
            } else if (!(source instanceof Notifications) || !listens(plugin)) {
                throw PluginException.on(
                        item.field("pluginRef"),
                        item.text("pluginRef") + " (expected: an extractor)");
            }
        }
        entry.requireAllRead();
        return new Use(source, extractors);
    }

    /** Plugins that want to know of endpoints are told of them in any case. */
    private static boolean listens(Plugin plugin) {
        return plugin instanceof Producer
                || plugin instanceof PrefixSource
                || plugin instanceof PickObserver;
    }
}
