package io.weir.picker.builtin;

import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginParameters;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Types that judge by the labels of endpoints and by metrics of one's own. */
final class LabelTypes {

    private static final String DEFAULT_LENGTH_LABEL = "llm-d.ai/context-length-range";

    private LabelTypes() {}

    static void addTo(Map<String, PluginFactory> factories) {
        factories.put("decode-filter", (_, _) -> RoleFilter.DECODE);
        factories.put("prefill-filter", (_, _) -> RoleFilter.PREFILL);
        factories.put("encode-filter", (_, _) -> RoleFilter.ENCODE);
        factories.put("by-label", (p, _) -> byLabel(p));
        factories.put("label-selector-filter", (p, _) -> bySelector(p));
        factories.put("by-label-selector", (p, _) -> bySelector(p));
        factories.put("header-label-affinity-scorer", (p, _) -> headerLabel(p));
        factories.put("context-length-aware", (p, _) -> contextLength(p));
        factories.put("endpoint-attribute-filter", (p, _) -> attributeFilter(p));
        factories.put("endpoint-attribute-scorer", (p, _) -> attributeScorer(p));
        factories.put("topology-affinity-filter", (p, _) -> topologyFilter(p));
        factories.put("topology-affinity-scorer", (p, _) -> topologyScorer(p));
        factories.put("header-based-testing-filter", (p, _) -> testing(p));
    }

    private static Plugin byLabel(PluginParameters p) {
        return new RoleFilter(
                p.requiredText("label"),
                Set.copyOf(p.texts("validValues")),
                p.flag("allowsNoLabel", false));
    }

    private static Plugin bySelector(PluginParameters p) {
        return new LabelSelectorFilter(LabelMatch.read(p));
    }

    private static Plugin headerLabel(PluginParameters p) {
        return new HeaderLabelScorer(
                p.requiredText("headerName").toLowerCase(Locale.ROOT), p.requiredText("labelKey"));
    }

    private static Plugin contextLength(PluginParameters p) {
        return new ContextLengthAware(
                p.text("label").orElse(DEFAULT_LENGTH_LABEL), p.flag("enableFiltering", false));
    }

    private static Plugin testing(PluginParameters p) {
        return new HeaderTestingFilter(
                p.text("headerName")
                        .orElse("test-epp-endpoint-selection")
                        .toLowerCase(Locale.ROOT));
    }

    private static Plugin topologyFilter(PluginParameters p) {
        p.producers("topologyProducerName");
        refusePeerHeader(p);
        String nearest = p.choice("minAffinity", "host", "host", "rack", "zone", "region");
        return new TopologyAffinityFilter(Topology.valueOf(nearest.toUpperCase(Locale.ROOT)));
    }

    private static Plugin topologyScorer(PluginParameters p) {
        p.producers("topologyProducerName");
        refusePeerHeader(p);
        return new TopologyAffinityScorer();
    }

    private static void refusePeerHeader(PluginParameters p) {
        if (p.has("peerTopologyHeader")) {
            throw PluginException.on(
                    p.field("peerTopologyHeader"),
                    "is not supported (expected: nothing; the peer is what the profile before chose)");
        }
    }

    private static Plugin attributeScorer(PluginParameters p) {
        p.producers("producer");
        refuseMetadata(p);
        PluginParameters algorithm = section(p, "algorithm");
        String type =
                algorithm.choice("type", "", "linear_lower_is_better", "linear_higher_is_better");
        if (type.isEmpty()) {
            throw PluginException.on(algorithm.field("type"), "is missing");
        }
        PluginParameters normalization =
                algorithm
                        .section("normalization")
                        .or(() -> p.section("normalization"))
                        .orElse(new PluginParameters(p.field("normalization"), Map.of()));
        normalization.section("adaptiveRange");
        PluginParameters fixed = normalization.section("fixedRange").orElse(null);
        double least = fixed == null ? Double.NaN : any(fixed, "min");
        double most = fixed == null ? Double.NaN : any(fixed, "max");
        if (fixed != null && least >= most) {
            throw PluginException.on(
                    fixed.field("max"), most + " (expected: greater than min " + least + ")");
        }
        return new AttributeScorer(
                p.requiredText("attributeKey"), type.equals("linear_lower_is_better"), least, most);
    }

    private static void refuseMetadata(PluginParameters p) {
        if (!p.choice("source", "endpoint", "endpoint", "metadata").equals("endpoint")) {
            throw PluginException.on(
                    p.field("source"), "metadata is not supported (expected: endpoint)");
        }
    }

    private static Plugin attributeFilter(PluginParameters p) {
        p.producers("producer");
        PluginParameters algorithm = section(p, "algorithm");
        String type =
                algorithm.choice("type", "threshold", "threshold", "range", "topK", "percentile");
        boolean keepsMissing = p.choice("onMissing", "Pass", "Pass", "Fail").equals("Pass");
        return new AttributeFilter(
                p.requiredText("attribute"),
                keepsMissing,
                p.flag("fallbackOnEmpty", false),
                rule(section(algorithm, type), type));
    }

    private static AttributeFilter.Rule rule(PluginParameters p, String type) {
        return switch (type) {
            case "threshold" -> new AttributeFilter.Rule.Threshold(comparison(p), any(p, "value"));
            case "range" -> {
                double least = any(p, "min");
                double most = any(p, "max");
                if (least > most) {
                    throw PluginException.on(
                            p.field("max"), most + " (expected: not less than min " + least + ")");
                }
                yield new AttributeFilter.Rule.Range(least, most);
            }
            case "topK" ->
                    new AttributeFilter.Rule.Top(
                            p.integer("k", 0, 1), p.flag("higherIsBetter", true));
            default ->
                    new AttributeFilter.Rule.Percentile(
                            p.number("percentile", Double.NaN, 0, 100),
                            p.flag("higherIsBetter", true));
        };
    }

    private static AttributeFilter.Comparison comparison(PluginParameters p) {
        String operator =
                p.choice(
                        "operator",
                        "",
                        "LessThan",
                        "LessThanOrEqual",
                        "GreaterThan",
                        "GreaterThanOrEqual",
                        "Equal",
                        "NotEqual");
        if (operator.isEmpty()) {
            throw PluginException.on(p.field("operator"), "is missing");
        }
        return AttributeFilter.Comparison.valueOf(
                operator.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
    }

    private static PluginParameters section(PluginParameters p, String name) {
        return p.section(name).orElseThrow(() -> PluginException.on(p.field(name), "is missing"));
    }

    private static double any(PluginParameters p, String name) {
        if (!p.has(name)) {
            throw PluginException.on(p.field(name), "is missing");
        }
        return p.number(name, 0, -Double.MAX_VALUE, Double.MAX_VALUE);
    }
}
