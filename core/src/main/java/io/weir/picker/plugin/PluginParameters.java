package io.weir.picker.plugin;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Named parameters, as written in a configuration. Every parameter that a plugin reads is checked
 * for its type and range; those that nobody read are told by {@link #requireAllRead}.
 */
public final class PluginParameters {

    private final String field;
    private final Map<?, ?> values;
    private final Set<String> read = new HashSet<>();
    private final List<String> unheeded = new ArrayList<>();
    private final Map<String, List<PluginParameters>> sections = new LinkedHashMap<>();

    /**
     * Returns parameters.
     *
     * @param field where they stand, for messages
     * @param values maps, lists, strings, numbers and booleans by name
     */
    public PluginParameters(String field, Map<?, ?> values) {
        this.field = field;
        this.values = values;
    }

    /** Returns the path of a parameter, for messages. */
    public String field(String name) {
        return field + "." + name;
    }

    /** Returns whether a parameter is written. */
    public boolean has(String name) {
        return values.get(name) != null;
    }

    /** Returns a whole number that is not less than a minimum. */
    public int integer(String name, int fallback, int minimum) {
        Object value = value(name);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Integer number && number >= minimum) {
            return number;
        }
        throw wrong(name, "an integer >= " + minimum);
    }

    /** Returns a number within bounds, both included. */
    public double number(String name, double fallback, double minimum, double maximum) {
        Object value = value(name);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Number number
                && number.doubleValue() >= minimum
                && number.doubleValue() <= maximum) {
            return number.doubleValue();
        }
        throw wrong(name, "a number " + minimum + ".." + maximum);
    }

    /** Returns true or false. */
    public boolean flag(String name, boolean fallback) {
        Object value = value(name);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    /** Returns whether a parameter is written as an empty text. */
    public boolean isEmptyText(String name) {
        return "".equals(value(name));
    }

    /** Returns a text. */
    public Optional<String> text(String name) {
        Object value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text && !text.isEmpty()) {
            return Optional.of(text);
        }
        throw wrong(name, "a text");
    }

    /** Returns nested parameters. */
    public Optional<PluginParameters> section(String name) {
        Object value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Map<?, ?> map) {
            return Optional.of(
                    sections.computeIfAbsent(
                                    name, _ -> List.of(new PluginParameters(field(name), map)))
                            .getFirst());
        }
        throw wrong(name, "a map");
    }

    /** Returns a list of nested parameters. */
    public List<PluginParameters> sections(String name) {
        Object value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(name, "a list");
        }
        List<PluginParameters> items = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof Map<?, ?> map)) {
                throw wrong(name, "a list of maps");
            }
            items.add(new PluginParameters(field(name) + "[" + i + "]", map));
        }
        return sections.computeIfAbsent(name, _ -> List.copyOf(items));
    }

    /** Returns a list of texts. */
    public List<String> texts(String name) {
        Object value = value(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw wrong(name, "a list of texts");
    }

    /** Returns texts by name. */
    public Map<String, String> textMap(String name) {
        Object value = value(name);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(name, "a map of texts");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String key)
                    || !(entry.getValue() instanceof String text)) {
                throw wrong(name, "a map of texts");
            }
            texts.put(key, text);
        }
        return texts;
    }

    /** Returns a text that must be there. */
    public String requiredText(String name) {
        return text(name).orElseThrow(() -> PluginException.on(field(name), "is missing"));
    }

    /** Returns one of some texts. */
    public String choice(String name, String fallback, String... allowed) {
        Object value = value(name);
        if (value == null || value.equals("")) {
            return fallback;
        }
        if (value instanceof String text && List.of(allowed).contains(text)) {
            return text;
        }
        throw wrong(name, "one of " + String.join(", ", allowed));
    }

    /** Returns a duration that is not negative, for instance of {@code 200ms}. */
    public Duration duration(String name, Duration fallback) {
        Object value = value(name);
        if (value == null) {
            return fallback;
        }
        Duration duration = value instanceof String text ? GoDuration.parse(text) : null;
        if (duration == null) {
            throw wrong(name, "a duration such as 200ms or 1h30m");
        }
        return duration;
    }

    /** Returns a whole number that is not less than a minimum. */
    public long whole(String name, long fallback, long minimum) {
        Object value = value(name);
        if (value == null) {
            return fallback;
        }
        boolean isWhole = value instanceof Integer || value instanceof Long;
        if (isWhole && ((Number) value).longValue() >= minimum) {
            return ((Number) value).longValue();
        }
        throw wrong(name, "an integer >= " + minimum);
    }

    /** Accepts parameters that have no meaning here; {@link #unheeded} tells of those written. */
    public void ignore(String... names) {
        for (String name : names) {
            if (value(name) != null) {
                unheeded.add(field(name));
            }
        }
    }

    /** Accepts all that is written here, none of which has a meaning. */
    public void ignoreAll() {
        values.keySet().forEach(name -> ignore(String.valueOf(name)));
    }

    /**
     * Accepts parameters that name producers of what a plugin looks at: there is one of each kind,
     * so that nothing is to be chosen.
     */
    public void producers(String... names) {
        for (String name : names) {
            if (!isEmptyText(name)) {
                text(name);
            }
        }
    }

    /** Returns the paths of parameters that were written and have no effect. */
    public List<String> unheeded() {
        List<String> all = new ArrayList<>(unheeded);
        sections.values().forEach(list -> list.forEach(one -> all.addAll(one.unheeded())));
        return all;
    }

    /** Throws when something was written that nobody read. */
    public void requireAllRead() {
        for (Object name : values.keySet()) {
            if (!(name instanceof String text) || !read.contains(text)) {
                throw PluginException.on(
                        field(String.valueOf(name)),
                        "unknown parameter (expected: " + expected() + ")");
            }
        }
        sections.values().forEach(list -> list.forEach(PluginParameters::requireAllRead));
    }

    private String expected() {
        return read.isEmpty() ? "none" : "one of " + String.join(", ", new TreeSet<>(read));
    }

    private @Nullable Object value(String name) {
        read.add(name);
        return values.get(name);
    }

    private PluginException wrong(String name, String rule) {
        return PluginException.on(field(name), values.get(name) + " (expected: " + rule + ")");
    }
}
