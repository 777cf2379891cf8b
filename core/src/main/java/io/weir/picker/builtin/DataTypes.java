package io.weir.picker.builtin;

import io.weir.picker.plugin.DataPlugin.CacheMetrics;
import io.weir.picker.plugin.DataPlugin.CoreMetrics;
import io.weir.picker.plugin.DataPlugin.EngineMetrics;
import io.weir.picker.plugin.DataPlugin.GpuSource;
import io.weir.picker.plugin.DataPlugin.GpuUse;
import io.weir.picker.plugin.DataPlugin.MetricSpec;
import io.weir.picker.plugin.DataPlugin.MetricsSource;
import io.weir.picker.plugin.DataPlugin.ModelList;
import io.weir.picker.plugin.DataPlugin.ModelsSource;
import io.weir.picker.plugin.DataPlugin.Named;
import io.weir.picker.plugin.DataPlugin.Notifications;
import io.weir.picker.plugin.DataPlugin.Page;
import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginParameters;
import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Types of where values of endpoints come from. */
final class DataTypes {

    private static final int EXPORTER_PORT = 9400;
    private static final Pattern SPEC =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(?:\\{([^{}]*)\\})?");
    private static final Pattern LABEL =
            Pattern.compile("\\s*([a-zA-Z_][a-zA-Z0-9_]*)\\s*=\\s*\"?([^\",]*?)\"?\\s*");

    private DataTypes() {}

    static void addTo(Map<String, PluginFactory> factories) {
        factories.put(
                "metrics-data-source",
                (p, _) -> new MetricsSource(page(p, "/metrics", 0), interval(p)));
        factories.put(
                "models-data-source",
                (p, _) -> new ModelsSource(page(p, "/v1/models", 0), interval(p)));
        factories.put("dcgm-data-source", (p, _) -> gpus(p));
        factories.put("dcgm-extractor", (_, _) -> new GpuUse());
        factories.put("core-metrics-extractor", (p, _) -> core(p));
        for (String type : List.of("models", "models-extractor", "models-data-extractor")) {
            factories.put(type, (_, _) -> new ModelList());
        }
        factories.put(
                "endpoint-notification-source",
                (_, _) -> new Notifications("endpoint-notification-source"));
        factories.put(
                "k8s-notification-source",
                (p, _) -> {
                    p.ignore("group", "version", "kind");
                    return new Notifications("k8s-notification-source");
                });
        factories.put(
                "topology-extractor",
                (p, _) -> {
                    // Topology is read from the labels of Pods.
                    p.ignore("labelKeys", "rackLabelKey");
                    return new Named("topology-extractor", List.of("endpoint-notification-source"));
                });
    }

    private static Plugin gpus(PluginParameters p) {
        boolean onNode = p.flag("useNodeAddress", false);
        return new GpuSource(page(p, "/metrics", EXPORTER_PORT), onNode, interval(p));
    }

    private static Page page(PluginParameters p, String path, int port) {
        Optional<ClientTls> tls = Optional.empty();
        if (p.choice("scheme", "http", "http", "https").equals("https")) {
            tls = Optional.of(tls(p));
        } else {
            p.ignore("insecureSkipVerify", "caCertPath", "clientCertPath", "clientKeyPath");
        }
        return new Page(tls, p.text("path").orElse(path), p.integer("port", port, 0));
    }

    private static ClientTls tls(PluginParameters p) {
        boolean verifies = !p.flag("insecureSkipVerify", true);
        if (!verifies) {
            p.ignore("caCertPath");
        }
        Optional<Path> certificate = file(p, "clientCertPath");
        Optional<Path> key = file(p, "clientKeyPath");
        if (certificate.isPresent() != key.isPresent()) {
            String missing = certificate.isPresent() ? "clientKeyPath" : "clientCertPath";
            throw PluginException.on(p.field(missing), "is missing");
        }
        var tls =
                new ClientTls(
                        verifies,
                        verifies ? file(p, "caCertPath") : Optional.empty(),
                        certificate,
                        key);
        try {
            tls.context();
        } catch (NoSuchFileException e) {
            throw PluginException.on(p.field("scheme"), "https: no file " + e.getMessage());
        } catch (IOException | GeneralSecurityException e) {
            throw PluginException.on(p.field("scheme"), "https: " + e.getMessage());
        }
        return tls;
    }

    private static Optional<Path> file(PluginParameters p, String name) {
        return p.text(name)
                .map(text -> {
                    try {
                        return Path.of(text);
                    } catch (InvalidPathException e) {
                        throw PluginException.on(p.field(name), text + " (expected: a path)");
                    }
                });
    }

    private static @Nullable Duration interval(PluginParameters p) {
        return p.has("interval") ? p.duration("interval", Duration.ZERO) : null;
    }

    private static Plugin core(PluginParameters p) {
        Map<String, EngineMetrics> engines = new LinkedHashMap<>();
        Map<String, MetricSpec> custom = new LinkedHashMap<>();
        for (PluginParameters engine : p.sections("engineConfigs")) {
            String name = engine.requiredText("name");
            if (name.equals("default")) {
                throw PluginException.on(
                        engine.field("name"), "default (expected: another name; it is reserved)");
            }
            engines.put(name, engine(engine));
            addCustom(engine, custom);
        }
        addCustom(p, custom);
        return new CoreMetrics(
                p.text("engineLabelKey").orElse("llm-d.ai/engine-type"),
                p.text("defaultEngine").orElse("vllm"),
                engines,
                custom);
    }

    private static EngineMetrics engine(PluginParameters p) {
        return new EngineMetrics(
                spec(p, "queuedRequestsSpec"),
                spec(p, "runningRequestsSpec"),
                spec(p, "kvUsageSpec"),
                spec(p, "loraSpec"),
                new CacheMetrics(
                        spec(p, "cacheInfoSpec"),
                        label(p, "cacheBlockSizeLabelName", "block_size"),
                        label(p, "cacheNumBlocksLabelName", "num_gpu_blocks"),
                        spec(p, "cacheBlockSizeSpec"),
                        spec(p, "cacheNumBlocksSpec")));
    }

    private static String label(PluginParameters p, String name, String fallback) {
        return p.isEmptyText(name) ? fallback : p.text(name).orElse(fallback);
    }

    private static void addCustom(PluginParameters p, Map<String, MetricSpec> custom) {
        for (PluginParameters entry : p.sections("customMetrics")) {
            entry.ignore("optional");
            MetricSpec spec = spec(entry, "metricSpec");
            if (spec == null) {
                throw PluginException.on(entry.field("metricSpec"), "is missing");
            }
            custom.put(entry.requiredText("attributeKey"), spec);
        }
    }

    /** Reads {@code name} or <code>name{label=value,...}</code>; an empty text is none. */
    private static @Nullable MetricSpec spec(PluginParameters p, String name) {
        String written = p.isEmptyText(name) ? null : p.text(name).orElse(null);
        if (written == null) {
            return null;
        }
        Matcher parts = SPEC.matcher(written.strip());
        if (!parts.matches()) {
            throw PluginException.on(
                    p.field(name), written + " (expected: a metric such as name{label=value})");
        }
        Map<String, String> labels = new LinkedHashMap<>();
        String inside = parts.group(2) == null ? "" : parts.group(2);
        for (String pair : inside.split(",", -1)) {
            Matcher label = LABEL.matcher(pair);
            if (label.matches()) {
                labels.put(label.group(1), label.group(2));
            } else if (!pair.isBlank()) {
                throw PluginException.on(p.field(name), pair + " (expected: label=value)");
            }
        }
        return new MetricSpec(parts.group(1), labels);
    }
}
