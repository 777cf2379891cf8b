package io.weir.extproc.picker;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;

import io.weir.body.Usage;
import io.weir.extproc.wire.HeaderNames;
import io.weir.picker.PickerSettings;
import io.weir.routing.cel.ExpressionException;
import io.weir.routing.cel.UsageExpression;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers that the proxy is told with the end of an answer, in dynamic metadata: what the plugins
 * {@code request-attribute-reporter} of a picker's configuration ask for.
 */
public final class UsageAttributes {

    /** Tells nothing. */
    public static final UsageAttributes NONE = new UsageAttributes(List.of());

    private static final String TYPE = "request-attribute-reporter";

    private final List<Attribute> attributes;

    private record Attribute(
            String namespace,
            String name,
            UsageExpression expression,
            @Nullable UsageExpression condition) {}

    private UsageAttributes(List<Attribute> attributes) {
        this.attributes = List.copyOf(attributes);
    }

    /**
     * Reads what a configuration, which is valid otherwise, asks for.
     *
     * @throws IllegalArgumentException when an entry can't be used
     */
    public static UsageAttributes of(PickerSettings settings) {
        Map<Integer, Map<?, ?>> plugins = PluginEntries.of(settings, TYPE);
        if (plugins.isEmpty()) {
            return NONE;
        }
        List<Attribute> all = new ArrayList<>();
        plugins.forEach((i, plugin) ->
                read("plugins[" + i + "].parameters.attributes", plugin.get("parameters"), all));
        return new UsageAttributes(all);
    }

    private static void read(String field, @Nullable Object parameters, List<Attribute> all) {
        List<?> entries = PluginEntries.list(PluginEntries.map(parameters).get("attributes"));
        if (entries.isEmpty()) {
            throw new IllegalArgumentException(field + ": absent (expected: at least one)");
        }
        for (int i = 0; i < entries.size(); i++) {
            all.add(attribute(field + "[" + i + "]", PluginEntries.map(entries.get(i))));
        }
    }

    private static Attribute attribute(String field, Map<?, ?> entry) {
        Map<?, ?> key = PluginEntries.map(entry.get("key"));
        String name = text(key.get("name"));
        String expression = text(entry.get("expression"));
        if (name.isEmpty() || expression.isEmpty()) {
            throw new IllegalArgumentException(
                    field + ": incomplete (expected: key.name, expression)");
        }
        String namespace = text(key.get("namespace"));
        String condition = text(entry.get("condition"));
        return new Attribute(
                namespace.isEmpty() ? HeaderNames.LB_NAMESPACE : namespace,
                name,
                compiled(field + ".expression", expression),
                condition.isEmpty() ? null : compiled(field + ".condition", condition));
    }

    private static UsageExpression compiled(String field, String expression) {
        try {
            return UsageExpression.compile(expression);
        } catch (ExpressionException e) {
            throw new IllegalArgumentException(field + ": " + e.reason(), e);
        }
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString().strip();
    }

    boolean isEmpty() {
        return attributes.isEmpty();
    }

    /** Returns the metadata for an answer's usage; null when there is nothing to tell. */
    @Nullable Struct of(Usage usage) {
        Map<String, Struct.Builder> told = new LinkedHashMap<>();
        for (Attribute attribute : attributes) {
            UsageExpression condition = attribute.condition;
            boolean applies = condition == null || condition.holds(usage);
            Double number = applies ? attribute.expression.number(usage) : null;
            if (number != null) {
                told.computeIfAbsent(attribute.namespace, _ -> Struct.newBuilder())
                        .putFields(
                                attribute.name, Value.newBuilder().setNumberValue(number).build());
            }
        }
        if (told.isEmpty()) {
            return null;
        }
        Struct.Builder all = Struct.newBuilder();
        told.forEach((namespace, fields) ->
                all.putFields(namespace, Value.newBuilder().setStructValue(fields).build()));
        return all.build();
    }
}
