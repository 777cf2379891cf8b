package io.weir.resource.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.manifest.LineIndex.Spots;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds trees from the parser's events. Working on events rather than on the library's own nodes
 * lets depth, aliases and repeated names be judged as they come, with their lines.
 */
final class YamlTree {

    private static final String TAGS = "tag:yaml.org,2002:";

    /** The parser's time grows with the square of a word's length; objects are smaller anyway. */
    private static final int MAX_LINE_CHARS = 1 << 20;

    private final String source;
    private final Limits limits;
    private final int lineOffset;
    private final Parser parser;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Anchored> anchors = new HashMap<>();
    private final Map<JsonNode, Spots> spots = LineIndex.newSpots();
    private long nodes;

    /**
     * A value that has a name.
     *
     * @param node the value
     * @param nodes how many values it holds, itself and aliases included
     */
    private record Anchored(JsonNode node, long nodes) {}

    /**
     * What was read.
     *
     * @param roots roots of the documents
     * @param spots positions in them
     * @param problems what is wrong; when one is an error the roots are not to be used
     */
    record Read(List<JsonNode> roots, Map<JsonNode, Spots> spots, List<Problem> problems) {}

    private YamlTree(String source, TextDocuments.Piece piece, Limits limits) {
        this.source = source;
        this.limits = limits;
        this.lineOffset = piece.firstLine();
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        this.parser = new ParserImpl(new StreamReader(piece.text()), options);
    }

    static Read read(String source, TextDocuments.Piece piece, Limits limits)
            throws UnreadableException {
        piece.checkLines(MAX_LINE_CHARS);
        try {
            YamlTree tree = new YamlTree(source, piece, limits);
            return new Read(tree.documents(), tree.spots, tree.problems);
        } catch (RuntimeException e) {
            throw YamlErrors.explain(e, piece);
        }
    }

    private List<JsonNode> documents() throws UnreadableException {
        List<JsonNode> roots = new ArrayList<>();
        parser.getEvent();
        while (parser.checkEvent(Event.ID.DocumentStart)) {
            parser.getEvent();
            anchors.clear();
            nodes = 0;
            roots.add(node(parser.getEvent(), FieldPath.ROOT, 0));
            parser.getEvent();
        }
        return roots;
    }

    private JsonNode node(Event event, FieldPath path, int depth) throws UnreadableException {
        long before = nodes;
        count(event, 1);
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        if (depth > limits.depth()) {
            throw unreadable(
                    event, "nested too deeply (expected: at most " + limits.depth() + " levels)");
        }
        JsonNode node =
                switch (event) {
                    case ScalarEvent scalar -> scalar(scalar);
                    case MappingStartEvent map -> map(map, path, depth);
                    case CollectionStartEvent list -> list(list, path, depth);
                    default -> throw unreadable(event, "not a value");
                };
        if (event instanceof NodeEvent named && named.getAnchor() != null) {
            anchors.put(named.getAnchor(), new Anchored(node, nodes - before));
        }
        return node;
    }

    private void count(Event event, long more) throws UnreadableException {
        nodes += more;
        if (nodes > limits.nodes()) {
            throw unreadable(
                    event,
                    "too many values (expected: at most "
                            + limits.nodes()
                            + " in a document, with aliases expanded)");
        }
    }

    private JsonNode alias(AliasEvent alias) throws UnreadableException {
        Anchored target = anchors.get(alias.getAnchor());
        if (target == null) {
            throw unreadable(
                    alias,
                    "*"
                            + alias.getAnchor()
                            + " (expected: the name of an anchor that is complete further up)");
        }
        count(alias, target.nodes - 1);
        return target.node;
    }

    private JsonNode scalar(ScalarEvent scalar) throws UnreadableException {
        String tag = scalar.getTag();
        JsonNode resolved = YamlScalars.resolve(scalar.getValue());
        if (tag == null) {
            return scalar.isPlain() ? resolved : TextNode.valueOf(scalar.getValue());
        }
        boolean agrees =
                switch (tag.startsWith(TAGS) ? tag.substring(TAGS.length()) : tag) {
                    case "str", "!" -> true;
                    case "int" -> resolved.isIntegralNumber();
                    case "float" -> resolved.isNumber();
                    case "bool" -> resolved.isBoolean();
                    case "null" -> resolved.isNull();
                    default -> false;
                };
        if (!agrees) {
            throw unreadable(scalar, "tag " + Values.shorten(tag) + " (expected: no tag)");
        }
        return tag.equals("!") || tag.endsWith(":str")
                ? TextNode.valueOf(scalar.getValue())
                : resolved;
    }

    private JsonNode list(CollectionStartEvent start, FieldPath path, int depth)
            throws UnreadableException {
        checkTag(start, "seq");
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        Spots places = placesOf(start, list);
        while (!parser.checkEvent(Event.ID.SequenceEnd)) {
            Event item = parser.getEvent();
            places.add(line(item), column(item));
            list.add(node(item, path.item(list.size()), depth + 1));
        }
        parser.getEvent();
        return list;
    }

    private JsonNode map(MappingStartEvent start, FieldPath path, int depth)
            throws UnreadableException {
        checkTag(start, "map");
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        Spots places = placesOf(start, map);
        Map<String, Integer> lines = new HashMap<>();
        List<JsonNode> merged = new ArrayList<>();
        while (!parser.checkEvent(Event.ID.MappingEnd)) {
            Event key = parser.getEvent();
            if (isMerge(key)) {
                merged.add(node(parser.getEvent(), path, depth + 1));
                continue;
            }
            String name = name(key);
            FieldPath at = path.field(name);
            JsonNode value = node(parser.getEvent(), at, depth + 1);
            Integer first = lines.putIfAbsent(name, line(key));
            if (first == null) {
                map.set(name, value);
                places.add(line(key), column(key));
            } else {
                repeated(key, at, first);
            }
        }
        Event end = parser.getEvent();
        for (JsonNode source : merged) {
            merge(source, map, places, end);
        }
        return map;
    }

    private void merge(JsonNode from, ObjectNode map, Spots places, Event end)
            throws UnreadableException {
        if (from.isArray()) {
            for (JsonNode each : from) {
                merge(each, map, places, end);
            }
        } else if (from.isObject()) {
            from.properties()
                    .forEach(entry -> {
                        if (!map.has(entry.getKey())) {
                            map.set(entry.getKey(), entry.getValue());
                            places.add(line(end), column(end));
                        }
                    });
        } else {
            throw unreadable(end, "<<: " + Values.show(from) + " (expected: an alias of a map)");
        }
    }

    private static boolean isMerge(Event key) {
        return key instanceof ScalarEvent scalar
                && scalar.isPlain()
                && scalar.getTag() == null
                && scalar.getValue().equals("<<");
    }

    private String name(Event key) throws UnreadableException {
        if (!(key instanceof ScalarEvent scalar)) {
            throw unreadable(key, "a name that is not text (expected: name: value)");
        }
        JsonNode resolved = scalar(scalar);
        if (resolved.isNull()) {
            throw unreadable(key, "an empty name (expected: name: value)");
        }
        if (resolved instanceof YamlWord word) {
            String text = word.asText();
            String meaning = String.valueOf(word.booleanValue());
            report(
                    Severity.WARNING,
                    line(key),
                    "",
                    text + " means " + meaning + " in YAML (write \"" + text + "\")");
            return meaning;
        }
        return scalar.getValue();
    }

    private void repeated(Event key, FieldPath at, int firstLine) {
        report(
                Severity.ERROR,
                line(key),
                at.toString(),
                "given twice, first on line " + firstLine + " (expected: once" + advice(at) + ")");
    }

    /** Two files pasted together without a marker repeat what every object begins with. */
    private static String advice(FieldPath at) {
        String name = at.toString();
        return name.equals("apiVersion") || name.equals("kind")
                ? "; a line --- goes between two objects"
                : "";
    }

    private void report(Severity severity, int line, String field, String message) {
        if (problems.size() < Findings.MAX) {
            problems.add(new Problem(severity, new Origin(source, line), "", field, message));
        }
    }

    private void checkTag(CollectionStartEvent start, String expected) throws UnreadableException {
        String tag = start.getTag();
        if (tag != null && !tag.equals(TAGS + expected) && !tag.equals("!")) {
            throw unreadable(start, "tag " + Values.shorten(tag) + " (expected: no tag)");
        }
    }

    private Spots placesOf(CollectionStartEvent start, JsonNode container) {
        Spots places = new Spots(line(start), start.isFlow());
        spots.put(container, places);
        return places;
    }

    private int line(Event event) {
        return event.getStartMark().getLine() + lineOffset;
    }

    private static int column(Event event) {
        return event.getStartMark().getColumn();
    }

    private UnreadableException unreadable(Event event, String message) {
        return new UnreadableException(line(event), message);
    }
}
