package io.weir.resource.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads YAML (also several documents) and JSON (also several values) into trees that know their
 * lines. A document that can't be read becomes a problem; the others are read all the same.
 */
public final class ManifestReader {

    private final Limits limits;

    /** Makes a reader with the usual limits. */
    public ManifestReader() {
        this(Limits.DEFAULT);
    }

    /** Makes a reader. */
    public ManifestReader(Limits limits) {
        this.limits = limits;
    }

    /**
     * Reads a text.
     *
     * @param source name of the file, for messages
     * @param content the bytes, in UTF-8
     */
    public Manifests read(String source, byte[] content) {
        List<Problem> problems = new ArrayList<>();
        List<Manifest> objects = new ArrayList<>();
        try {
            for (TextDocuments.Piece piece : TextDocuments.split(decode(content))) {
                readPiece(source, piece, objects, problems);
            }
        } catch (UnreadableException e) {
            problems.add(problem(source, e));
        }
        return new Manifests(objects, problems);
    }

    private void readPiece(
            String source,
            TextDocuments.Piece piece,
            List<Manifest> objects,
            List<Problem> problems) {
        try {
            YamlTree.Read read = parse(source, piece);
            problems.addAll(read.problems());
            if (read.problems().stream().noneMatch(p -> p.severity() == Severity.ERROR)) {
                for (JsonNode root : read.roots()) {
                    LineIndex lines = new LineIndex(source, root, read.spots());
                    unfold(root, lines, piece.firstLine(), objects, problems);
                }
            }
        } catch (UnreadableException e) {
            problems.add(problem(source, e));
        }
    }

    private YamlTree.Read parse(String source, TextDocuments.Piece piece)
            throws UnreadableException {
        if (!piece.looksLikeJson()) {
            return YamlTree.read(source, piece, limits);
        }
        try {
            return JsonTree.read(source, piece, limits);
        } catch (UnreadableException notJson) {
            try {
                return YamlTree.read(source, piece, limits);
            } catch (UnreadableException notYaml) {
                throw source.endsWith(".json") ? notJson : notYaml;
            }
        }
    }

    private static void unfold(
            JsonNode root,
            LineIndex lines,
            int firstLine,
            List<Manifest> objects,
            List<Problem> problems) {
        if (root.isNull()) {
            return;
        }
        if (!(root instanceof ObjectNode object)) {
            int line = Math.max(lines.origin().line(), firstLine);
            problems.add(
                    error(
                            new Origin(lines.source(), line),
                            Values.show(root)
                                    + " (expected: an object with apiVersion, kind and"
                                    + " metadata)"));
        } else if (isList(object)) {
            for (JsonNode item : object.path("items")) {
                unfold(item, lines.within(item), firstLine, objects, problems);
            }
        } else {
            objects.add(new Manifest(object, lines));
        }
    }

    private static boolean isList(ObjectNode object) {
        return object.path("kind").asText().endsWith("List")
                && object.has("apiVersion")
                && object.path("items").isArray();
    }

    private String decode(byte[] content) throws UnreadableException {
        if (content.length > limits.textBytes()) {
            throw new UnreadableException(
                    0,
                    content.length + " bytes (expected: at most " + limits.textBytes() + " bytes)");
        }
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(content);
        CharBuffer out = CharBuffer.allocate(content.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw notText(content, in.position());
        }
        String text = out.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static UnreadableException notText(byte[] content, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            line += content[i] == '\n' ? 1 : 0;
        }
        return new UnreadableException(
                line,
                String.format(
                        "byte 0x%02X (expected: text in UTF-8; save the file as UTF-8)",
                        content[position] & 0xFF));
    }

    private static Problem problem(String source, UnreadableException e) {
        return error(new Origin(source, e.line()), e.explanation());
    }

    private static Problem error(Origin origin, String message) {
        return new Problem(Severity.ERROR, origin, "", "", message);
    }
}
