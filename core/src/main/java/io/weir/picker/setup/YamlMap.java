package io.weir.picker.setup;

import io.weir.picker.plugin.GoDuration;
import io.weir.picker.plugin.PluginException;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A map of a YAML document that knows where it stands and what was read of it. */
final class YamlMap {

    private final String path;
    private final Map<?, ?> values;
    private final Set<String> read = new HashSet<>();
    private final Map<String, YamlMap> sections = new HashMap<>();

    YamlMap(String path, Map<?, ?> values) {
        this.path = path;
        this.values = values;
    }

    Map<?, ?> values() {
        return values;
    }

    String field(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    boolean has(String name) {
        return value(name) != null;
    }

    void skip(String name) {
        read.add(name);
    }

    @Nullable String text(String name) {
        Object value = value(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw PluginException.on(field(name), value + " (expected: a text)");
    }

    String requiredText(String name) {
        String text = text(name);
        if (text == null || text.isEmpty()) {
            throw PluginException.on(field(name), "is missing");
        }
        return text;
    }

    double number(String name, double fallback) {
        Object value = value(name);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw PluginException.on(field(name), value + " (expected: a number)");
    }

    boolean flag(String name, boolean fallback) {
        Object value = value(name);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw PluginException.on(field(name), value + " (expected: true or false)");
    }

    int requiredInteger(String name) {
        Object value = value(name);
        if (value instanceof Integer number) {
            return number;
        }
        throw PluginException.on(field(name), value + " (expected: an integer)");
    }

    /** Returns a Kubernetes quantity that is not negative. */
    long quantity(String name, long fallback) {
        Object value = value(name);
        if (value == null) {
            return fallback;
        }
        Long quantity = Quantities.parse(value);
        if (quantity == null || quantity < 0) {
            throw PluginException.on(
                    field(name), value + " (expected: a quantity >= 0 such as 10Gi or 5000)");
        }
        return quantity;
    }

    Duration duration(String name, Duration fallback) {
        Object value = value(name);
        if (value == null) {
            return fallback;
        }
        Duration duration = value instanceof String text ? GoDuration.parse(text) : null;
        if (duration == null) {
            throw PluginException.on(
                    field(name), value + " (expected: a duration such as 200ms or 1h30m)");
        }
        return duration;
    }

    @Nullable YamlMap map(String name) {
        Object value = value(name);
        return value == null
                ? null
                : sections.computeIfAbsent(name, _ -> asMap(field(name), value));
    }

    List<YamlMap> maps(String name) {
        List<YamlMap> maps = new ArrayList<>();
        List<?> list = list(name);
        for (int i = 0; i < list.size(); i++) {
            maps.add(asMap(field(name) + "[" + i + "]", list.get(i)));
        }
        return maps;
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Object item : list(name)) {
            if (!(item instanceof String text)) {
                throw PluginException.on(field(name), item + " (expected: a list of texts)");
            }
            texts.add(text);
        }
        return texts;
    }

    void requireAllRead() {
        for (Object name : values.keySet()) {
            if (!(name instanceof String text) || !read.contains(text)) {
                throw PluginException.on(
                        field(String.valueOf(name)),
                        "unknown field (expected: one of "
                                + String.join(", ", new TreeSet<>(read))
                                + ")");
            }
        }
    }

    private List<?> list(String name) {
        Object value = value(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw PluginException.on(field(name), "not a list (expected: a list)");
    }

    private @Nullable Object value(String name) {
        read.add(name);
        return values.get(name);
    }

    private static YamlMap asMap(String path, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return new YamlMap(path, map);
        }
        throw PluginException.on(path, value + " (expected: a map)");
    }
}
