package io.weir.resource.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.manifest.LineIndex.Spots;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Builds trees with lines from one or more JSON values. */
final class JsonTree {

    private final String source;
    private final Limits limits;
    private final int lineOffset;
    private final JsonParser parser;
    private final Map<JsonNode, Spots> spots = LineIndex.newSpots();
    private final List<Problem> problems = new ArrayList<>();
    private int nodes;

    private JsonTree(String source, TextDocuments.Piece piece, Limits limits) throws IOException {
        this.source = source;
        this.limits = limits;
        this.lineOffset = piece.firstLine() - 1;
        StreamReadConstraints constraints =
                StreamReadConstraints.builder()
                        .maxNestingDepth(limits.depth())
                        .maxStringLength(limits.textBytes())
                        .build();
        this.parser =
                JsonFactory.builder()
                        .streamReadConstraints(constraints)
                        .build()
                        .createParser(piece.text());
    }

    static YamlTree.Read read(String source, TextDocuments.Piece piece, Limits limits)
            throws UnreadableException {
        try {
            JsonTree tree = new JsonTree(source, piece, limits);
            return new YamlTree.Read(tree.values(), tree.spots, tree.problems);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            int line = at == null ? 0 : at.getLineNr() - 1;
            boolean secret = piece.text().contains("Secret");
            String detail = secret ? "" : ": " + Values.shorten(e.getOriginalMessage());
            throw new UnreadableException(piece.firstLine() + line, "not valid JSON" + detail);
        } catch (IOException e) {
            throw new UnreadableException(
                    piece.firstLine(), "not readable: " + Values.shorten(e.toString()));
        }
    }

    private List<JsonNode> values() throws IOException, UnreadableException {
        List<JsonNode> roots = new ArrayList<>();
        while (parser.nextToken() != null) {
            nodes = 0;
            roots.add(value(FieldPath.ROOT));
        }
        return roots;
    }

    private JsonNode value(FieldPath path) throws IOException, UnreadableException {
        JsonNodeFactory factory = JsonNodeFactory.instance;
        if (++nodes > limits.nodes()) {
            throw new UnreadableException(
                    line(), "too many values (expected: at most " + limits.nodes() + ")");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> map(path);
            case START_ARRAY -> list(path);
            case VALUE_STRING -> factory.textNode(parser.getText());
            case VALUE_TRUE -> factory.booleanNode(true);
            case VALUE_FALSE -> factory.booleanNode(false);
            case VALUE_NULL -> factory.nullNode();
            case VALUE_NUMBER_INT -> integer(factory);
            case VALUE_NUMBER_FLOAT -> factory.numberNode(parser.getDoubleValue());
            default -> throw new UnreadableException(line(), "not a JSON value");
        };
    }

    private JsonNode integer(JsonNodeFactory factory) throws IOException {
        return switch (parser.getNumberType()) {
            case INT -> factory.numberNode(parser.getIntValue());
            case LONG -> factory.numberNode(parser.getLongValue());
            default -> factory.numberNode(parser.getBigIntegerValue());
        };
    }

    private JsonNode list(FieldPath path) throws IOException, UnreadableException {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        Spots places = places(list);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            places.add(line(), column());
            list.add(value(path.item(list.size())));
        }
        return list;
    }

    private JsonNode map(FieldPath path) throws IOException, UnreadableException {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        Spots places = places(map);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            int line = line();
            int column = column();
            parser.nextToken();
            FieldPath at = path.field(name);
            JsonNode value = value(at);
            if (map.has(name)) {
                if (problems.size() < Findings.MAX) {
                    problems.add(repeated(line, at));
                }
            } else {
                map.set(name, value);
                places.add(line, column);
            }
        }
        return map;
    }

    private Problem repeated(int line, FieldPath at) {
        return new Problem(
                Severity.ERROR,
                new Origin(source, line),
                "",
                at.toString(),
                "given twice (expected: once)");
    }

    private Spots places(JsonNode container) {
        Spots places = new Spots(line(), true);
        spots.put(container, places);
        return places;
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr() + lineOffset;
    }

    private int column() {
        return parser.currentTokenLocation().getColumnNr() - 1;
    }
}
