package io.weir.resource.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.weir.resource.Origin;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A cursor on one map of a tree.
 *
 * <p>Every reading method checks type and rule and records a problem when they don't hold; it then
 * returns a stand-in, so that decoding goes on and finds all problems of an object at once. A field
 * whose value is null counts as absent, as in Kubernetes.
 */
final class Fields {

    private final Findings findings;
    private final FieldPath path;
    private final JsonNode node;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(Findings findings, FieldPath path, JsonNode node) {
        this.findings = findings;
        this.path = path;
        this.node = node;
    }

    static Fields root(Findings findings, JsonNode tree) {
        return open(findings, FieldPath.ROOT, tree);
    }

    private static Fields open(Findings findings, FieldPath path, JsonNode node) {
        Fields fields = new Fields(findings, path, node);
        findings.opened(fields);
        return fields;
    }

    // --- what is there

    /** Returns whether this map itself is there. */
    boolean exists() {
        return node.isObject();
    }

    /** Returns where this map begins. */
    Origin origin() {
        return findings.lines().origin(path);
    }

    /** Returns whether the field is there. */
    boolean has(String name) {
        return !value(name).isMissingNode();
    }

    /** Returns the names of all fields. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Returns the value without any check; missing when absent. */
    JsonNode value(String name) {
        known.add(name);
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? MissingNode.getInstance() : value;
    }

    // --- text

    /** Returns a text that must be there. */
    String text(String name, TextRule rule) {
        String text = optionalText(name, rule);
        if (text == null && !has(name)) {
            missing(name, rule.expectation());
        }
        return text == null ? "" : text;
    }

    /** Returns a text, or the default. */
    String textOr(String name, String absent, TextRule rule) {
        String text = optionalText(name, rule);
        return text == null ? absent : text;
    }

    /** Returns a text, or null when absent. */
    @Nullable String optionalText(String name, TextRule rule) {
        return has(name) ? text(path.field(name), value(name), rule) : null;
    }

    private @Nullable String text(FieldPath at, JsonNode value, TextRule rule) {
        if (!value.isTextual()) {
            String hint =
                    value.isContainerNode()
                            ? ""
                            : "; put quotes around it: \"" + value.asText() + "\"";
            findings.error(at, Values.show(value) + " (expected: text" + hint + ")");
            return null;
        }
        String text = value.textValue();
        if (!rule.allows(text)) {
            findings.error(at, Values.quote(text) + expected(rule.expectation()));
            return null;
        }
        return text;
    }

    /** Returns one of a few words; null when absent or when something else is there. */
    @Nullable String word(String name, String... words) {
        String text = optionalText(name, TextRule.ANY);
        if (text == null || Arrays.asList(words).contains(text)) {
            return text;
        }
        error(name, Values.quote(text) + expected(oneOf(Arrays.asList(words))));
        return null;
    }

    /** Returns one of a few words, which must be there; null when it is not. */
    @Nullable String requiredWord(String name, String... words) {
        if (!has(name)) {
            missing(name, oneOf(Arrays.asList(words)));
        }
        return word(name, words);
    }

    /** Returns one of a few words, or the default. */
    String choice(String name, String absent, String... words) {
        String word = word(name, words);
        return word == null ? absent : word;
    }

    /** Returns a text that a parser understands; null when absent or not understood. */
    <T> @Nullable T parsed(String name, String expectation, Function<String, @Nullable T> parser) {
        String text = optionalText(name, TextRule.ANY);
        T value = text == null ? null : parser.apply(text);
        if (text != null && value == null) {
            error(name, Values.quote(text) + expected(expectation));
        }
        return value;
    }

    // --- numbers and flags

    /** Returns a whole number that must be there. */
    int number(String name, int min, int max) {
        if (!has(name)) {
            missing(name, "a number " + min + ".." + max);
        }
        return numberOr(name, min, min, max);
    }

    /** Returns a whole number, or the default. */
    int numberOr(String name, int absent, int min, int max) {
        Integer number = optionalNumber(name, min, max);
        return number == null ? absent : number;
    }

    /** Returns a whole number, or null when absent. */
    @Nullable Integer optionalNumber(String name, int min, int max) {
        return has(name) ? number(path.field(name), value(name), min, max) : null;
    }

    private @Nullable Integer number(FieldPath at, JsonNode value, int min, int max) {
        if (!value.isNumber() || !value.canConvertToExactIntegral()) {
            boolean quoted = value.isTextual() && YamlScalars.resolve(value.asText()).isNumber();
            String hint = quoted ? "; remove the quotes" : "";
            String range = "a whole number " + min + ".." + max;
            findings.error(at, Values.show(value) + expected(range + hint));
            return null;
        }
        boolean inRange = value.canConvertToInt() && value.asInt() >= min && value.asInt() <= max;
        if (!inRange) {
            findings.error(at, Values.show(value) + expected(min + ".." + max));
            return null;
        }
        return value.asInt();
    }

    /** Returns the numbers of a list; none when absent. */
    List<Integer> numbers(String name, int min, int max) {
        List<Integer> numbers = new ArrayList<>();
        JsonNode list = listOf(name, 0, Integer.MAX_VALUE);
        for (int i = 0; i < list.size(); i++) {
            Integer number = number(path.field(name).item(i), list.get(i), min, max);
            if (number != null) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    /** Returns a flag, or the default. */
    boolean flag(String name, boolean absent) {
        JsonNode value = value(name);
        if (value.isMissingNode() || value.isBoolean()) {
            return value.asBoolean(absent);
        }
        error(name, Values.show(value) + expected("true or false"));
        return absent;
    }

    // --- maps

    /** Returns the map of that name; one that does not exist when absent. */
    Fields object(String name) {
        return object(path.field(name), value(name), name);
    }

    /** Returns the map of that name, which must be there. */
    Fields requiredObject(String name) {
        if (!has(name)) {
            missing(name, "a map");
        }
        return object(name);
    }

    private Fields object(FieldPath at, JsonNode value, @Nullable String name) {
        if (!value.isMissingNode() && !value.isObject()) {
            boolean one = value.isArray() && value.size() == 1 && value.get(0).isObject();
            String hint = one ? "; remove the \"- \"" : "";
            String what = name == null ? "a map" : "a map under " + name;
            findings.error(at, Values.show(value) + expected(what + hint));
            return open(findings, at, MissingNode.getInstance());
        }
        return open(findings, at, value);
    }

    /** Returns a map from text to text; empty when absent. */
    Map<String, String> textMap(String name, TextRule keys, TextRule values) {
        Map<String, String> texts = new LinkedHashMap<>();
        JsonNode map = value(name);
        if (!map.isMissingNode() && !map.isObject()) {
            error(name, Values.show(map) + expected("a map of names and texts"));
            return texts;
        }
        map.properties()
                .forEach(entry -> {
                    FieldPath at = path.field(name).field(entry.getKey());
                    if (!keys.allows(entry.getKey())) {
                        findings.error(
                                at, Values.quote(entry.getKey()) + expected(keys.expectation()));
                    }
                    JsonNode value = entry.getValue();
                    String text = value.isNull() ? "" : text(at, value, values);
                    texts.put(entry.getKey(), text == null ? "" : text);
                });
        return texts;
    }

    // --- lists

    /** Returns the maps of a list; none when absent. */
    List<Fields> list(String name, int min, int max) {
        JsonNode list = listOf(name, min, max);
        List<Fields> items = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            FieldPath at = path.field(name).item(i);
            if (list.get(i).isNull()) {
                findings.error(at, "empty" + expected("a map; remove the \"- \" or fill it in"));
            } else {
                items.add(object(at, list.get(i), null));
            }
        }
        return items;
    }

    /** Returns the texts of a list; none when absent. */
    List<String> texts(String name, int min, int max, TextRule rule) {
        JsonNode list = listOf(name, min, max);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String text = text(path.field(name).item(i), list.get(i), rule);
            texts.add(text == null ? "" : text);
        }
        return texts;
    }

    private JsonNode listOf(String name, int min, int max) {
        JsonNode list = value(name);
        if (list.isMissingNode()) {
            if (min > 0) {
                missing(name, "a list of " + name);
            }
        } else if (!list.isArray()) {
            notAList(name, list);
            return MissingNode.getInstance();
        } else if (list.size() < min) {
            error(name, "an empty list" + expected("at least " + min));
        } else if (list.size() > max) {
            error(name, list.size() + " entries" + expected("at most " + max));
            return MissingNode.getInstance();
        }
        return list;
    }

    /** Shows the line that turns a map into a list of one. */
    private void notAList(String name, JsonNode value) {
        LineIndex.Place first = findings.lines().firstChild(value);
        String fix = "";
        if (value.isObject() && !value.isEmpty()) {
            String key = value.fieldNames().next() + ":";
            if (first == null || first.flow()) {
                fix = "; put [ and ] around it";
            } else {
                String margin = " ".repeat(Math.max(0, first.column() - 2));
                String before = " ".repeat(first.column());
                fix = "; write \"" + margin + "- " + key + "\" instead of \"" + before + key + "\"";
            }
        } else if (!value.isObject()) {
            fix = "; write \"- " + Values.shorten(value.asText()) + "\" on the next line";
        }
        String message = Values.show(value) + expected("a list of " + name + fix);
        if (first == null) {
            error(name, message);
        } else {
            findings.errorAt(
                    new Origin(findings.lines().source(), first.line()), path.field(name), message);
        }
    }

    // --- problems

    /** Returns whether the object that this map belongs to has an error so far. */
    boolean failed() {
        return findings.failed();
    }

    /** Records that a field breaks a rule. */
    void error(String name, String message) {
        findings.error(path.field(name), message);
    }

    /** Records that an entry of a list breaks a rule. */
    void error(String name, int index, String message) {
        findings.error(path.field(name).item(index), message);
    }

    /** Records that this map as a whole breaks a rule. */
    void error(String message) {
        findings.error(path, message);
    }

    /** Records that something about a field is probably not meant. */
    void warning(String name, String message) {
        findings.warning(path.field(name), message);
    }

    void missing(String name, String expectation) {
        if (exists()) {
            error(name, "missing" + expected(expectation));
        }
    }

    /** Names fields that are legitimate and need not be read. */
    void knows(Collection<String> names) {
        known.addAll(names);
    }

    /** Names fields that are legitimate and need not be read. */
    void knows(String... names) {
        known.addAll(Arrays.asList(names));
    }

    /** Names fields that are legitimate elsewhere and are not honoured here. */
    void noEffect(String... names) {
        for (String name : names) {
            if (has(name)) {
                warning(name, "has no effect in Weir");
            }
        }
    }

    void remarkUnknown() {
        for (String name : names()) {
            if (!known.contains(name)) {
                String hint =
                        Nearest.to(name, known)
                                .map(nearest -> " (did you mean \"" + nearest + "\"?)")
                                .orElse(" (it has no effect)");
                warning(name, "unknown field" + hint);
            }
        }
    }

    static String expected(String rule) {
        return " (expected: " + rule + ")";
    }

    static String oneOf(List<String> words) {
        int last = words.size() - 1;
        return last == 0
                ? words.get(0)
                : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }
}
