package io.weir.picker.builtin;

import io.weir.picker.plugin.Decider;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginLookup;
import io.weir.picker.plugin.PluginParameters;
import io.weir.picker.plugin.ProfileHandler;
import io.weir.picker.plugin.ProfilePlan;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Types of profile handlers and of what they ask. */
final class Handlers {

    private Handlers() {}

    static void addTo(Map<String, PluginFactory> factories) {
        factories.put("single-profile-handler", (_, _) -> single(ProfilePlan.SINGLE));
        factories.put("data-parallel-profile-handler", (p, _) -> dataParallel(p));
        factories.put("header-profile-handler", (p, _) -> header(p));
        factories.put("disagg-profile-handler", Handlers::disagg);
        factories.put("pd-profile-handler", Handlers::prefillDecode);
        factories.put("always-disagg-pd-decider", (_, _) -> (Decider) (_, _) -> true);
        factories.put(
                "always-disagg-multimodal-decider",
                (_, _) -> (Decider) (context, _) -> hasMedia(context));
        factories.put("prefix-based-pd-decider", (p, _) -> prefixBased(p));
    }

    private static boolean hasMedia(PickContext context) {
        return !context.request().details().media().isEmpty();
    }

    private static ProfileHandler single(ProfilePlan plan) {
        return profiles -> {
            if (profiles.size() > 1) {
                throw PluginException.on(
                        "schedulingProfiles",
                        profiles.size() + " profiles (expected: 1 with this profile handler)");
            }
            return plan;
        };
    }

    private static Plugin dataParallel(PluginParameters p) {
        return single(new DataParallelPlan(p.integer("primaryPort", 8000, 1)));
    }

    private static Plugin header(PluginParameters p) {
        String header = p.text("headerName").orElse("EPP-Profile").toLowerCase(Locale.ROOT);
        String fallback = p.text("defaultProfile").orElse("decode");
        return (ProfileHandler)
                profiles -> new HeaderPlan(header, profiles, profiles.indexOf(fallback));
    }

    private static Plugin prefixBased(PluginParameters p) {
        return new PrefixBasedDecider(
                p.integer("nonCachedTokens", 0, 0), p.integer("promptTokens", 0, 0));
    }

    private static Plugin disagg(PluginParameters p, PluginLookup plugins) {
        boolean prefillFirst =
                p.choice("stageOrder", "decode-first", "decode-first", "prefill-first")
                        .equals("prefill-first");
        PluginParameters names = p.section("profiles").orElse(none(p, "profiles"));
        PluginParameters deciders = p.section("deciders").orElse(none(p, "deciders"));
        Stage stage =
                new Stage(
                        first(names.text("decode"), p.text("decodeProfile")).orElse("decode"),
                        first(names.text("prefill"), p.text("prefillProfile")).orElse("prefill"),
                        first(names.text("encode"), p.text("encodeProfile")).orElse("encode"));
        Decider prefill = decider(deciders, "prefill", plugins, formerDecider(p, plugins));
        Decider encode =
                decider(
                        deciders,
                        "encode",
                        plugins,
                        decider(p, "encodeDeciderPluginName", plugins, null));
        if (prefillFirst && prefill != null) {
            throw PluginException.on(
                    deciders.field("prefill"), "(expected: none with stageOrder prefill-first)");
        }
        return (ProfileHandler) profiles -> plan(p, profiles, stage, prefillFirst, prefill, encode);
    }

    /** Names that the decider had in former releases. */
    private static @Nullable Decider formerDecider(PluginParameters p, PluginLookup plugins) {
        p.ignore("hashBlockSize", "primaryPort", "prefixPluginName", "prefixPluginType");
        Decider first = decider(p, "deciderPluginName", plugins, null);
        Decider second = decider(p, "pdDeciderPluginName", plugins, first);
        return decider(p, "prefillDeciderPluginName", plugins, second);
    }

    /** The older form: prefill runs when the decider says so. */
    private static Plugin prefillDecode(PluginParameters p, PluginLookup plugins) {
        p.ignore("hashBlockSize", "primaryPort");
        Stage stage =
                new Stage(
                        p.text("decodeProfile").orElse("decode"),
                        p.text("prefillProfile").orElse("prefill"),
                        "");
        p.ignore("prefixPluginName", "prefixPluginType");
        p.producers("prefixMatchInfoProducerName");
        Decider named = decider(p, "deciderPluginName", plugins, null);
        int threshold = p.integer("threshold", 0, 0);
        Decider decider =
                named != null
                        ? named
                        : threshold > 0 ? new PrefixBasedDecider(threshold, 0) : (_, _) -> true;
        return (ProfileHandler) profiles -> plan(p, profiles, stage, false, decider, null);
    }

    /** Names of the profiles of the stages. */
    private record Stage(String decode, String prefill, String encode) {}

    private static ProfilePlan plan(
            PluginParameters p,
            List<String> profiles,
            Stage stage,
            boolean prefillFirst,
            @Nullable Decider prefill,
            @Nullable Decider encode) {
        int decodeProfile = required(p, profiles, stage.decode());
        boolean runsPrefill = prefillFirst || prefill != null;
        return new DisaggPlan(
                decodeProfile,
                runsPrefill ? required(p, profiles, stage.prefill()) : ProfilePlan.NONE,
                encode != null ? required(p, profiles, stage.encode()) : ProfilePlan.NONE,
                prefillFirst,
                prefill,
                encode);
    }

    private static int required(PluginParameters p, List<String> profiles, String name) {
        int place = profiles.indexOf(name);
        if (place < 0) {
            throw PluginException.on(
                    p.field("profiles"),
                    "\"%s\" (expected: one of %s)".formatted(name, String.join(", ", profiles)));
        }
        return place;
    }

    private static @Nullable Decider decider(
            PluginParameters p, String name, PluginLookup plugins, @Nullable Decider fallback) {
        String reference = p.text(name).orElse(null);
        if (reference == null) {
            return fallback;
        }
        if (plugins.get(p.field(name), reference) instanceof Decider decider) {
            return decider;
        }
        throw PluginException.on(p.field(name), reference + " (expected: a decider)");
    }

    private static Optional<String> first(Optional<String> one, Optional<String> other) {
        return one.isPresent() ? one : other;
    }

    private static PluginParameters none(PluginParameters p, String name) {
        return new PluginParameters(p.field(name), Map.of());
    }
}
