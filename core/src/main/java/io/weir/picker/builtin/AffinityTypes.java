package io.weir.picker.builtin;

import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginLookup;
import io.weir.picker.plugin.PluginParameters;
import io.weir.picker.plugin.Producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Types that keep sessions where they are. */
final class AffinityTypes {

    private static final String TOKEN = "encoded_endpoint_header";
    private static final String SESSION = "session_id";

    private AffinityTypes() {}

    static void addTo(Map<String, PluginFactory> factories) {
        factories.put(
                "session-affinity-filter",
                (p, plugins) -> new SessionAffinityFilter(affinity(p, plugins)));
        factories.put(
                "session-affinity-scorer",
                (p, plugins) -> new SessionAffinityScorer(affinity(p, plugins)));
    }

    private static SessionAffinity affinity(PluginParameters p, PluginLookup plugins) {
        String strategy = p.choice("strategy", TOKEN, TOKEN, SESSION);
        String profile = p.text("profileName").orElse("");
        String other = strategy.equals(TOKEN) ? "sessionIdConfig" : "encodedEndpointHeaderConfig";
        if (p.has(other)) {
            throw PluginException.on(
                    p.field(other), "(expected: nothing with strategy " + strategy + ")");
        }
        return strategy.equals(TOKEN) ? token(p, profile) : session(p, profile, plugins);
    }

    private static SessionAffinity token(PluginParameters p, String profile) {
        String header =
                p.section("encodedEndpointHeaderConfig")
                        .flatMap(config -> config.text("header"))
                        .orElse("x-session-token");
        return new SessionAffinity.Token(header.toLowerCase(Locale.ROOT), profile);
    }

    private static SessionAffinity session(
            PluginParameters p, String profile, PluginLookup plugins) {
        PluginParameters config =
                p.section("sessionIdConfig")
                        .orElse(new PluginParameters(p.field("sessionIdConfig"), Map.of()));
        List<Producer.SessionId> sources = new ArrayList<>();
        for (PluginParameters source : config.sections("sources")) {
            sources.add(source(source, plugins));
        }
        if (sources.isEmpty()) {
            sources.add(new Producer.SessionId(List.of("x-session-id"), null));
        }
        int lifetime = seconds(p, config, "evictionTtlSeconds", 300);
        // Nothing is swept: bindings are forgotten a generation at a time.
        seconds(p, config, "evictionSweepSeconds", 10);
        long lifetimeNanos = Duration.ofSeconds(lifetime).toNanos();
        return new SessionAffinity.Bound(
                List.copyOf(sources), profile, new Generations<>(lifetimeNanos));
    }

    private static int seconds(
            PluginParameters p, PluginParameters config, String name, int fallback) {
        return config.integer(name, p.integer(name, fallback, 1), 1);
    }

    private static Producer.SessionId source(PluginParameters p, PluginLookup plugins) {
        String header = p.text("header").orElse(null);
        String attribute = p.text("attribute").orElse(null);
        if ((header == null) == (attribute == null)) {
            throw PluginException.on(p.field("header"), "(expected: either header or attribute)");
        }
        if (header != null) {
            return new Producer.SessionId(List.of(header.toLowerCase(Locale.ROOT)), null);
        }
        String producer = p.text("producer").orElse(attribute);
        Plugin plugin = plugins.get(p.field("producer"), String.valueOf(producer));
        if (plugin instanceof Producer.SessionId session) {
            return session;
        }
        if (plugin instanceof Producer.Agent(Producer.SessionId session)) {
            return session;
        }
        throw PluginException.on(
                p.field("producer"),
                producer + " (expected: agent-identity or a session-id-producer)");
    }
}
