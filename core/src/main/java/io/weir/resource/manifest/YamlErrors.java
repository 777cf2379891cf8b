package io.weir.resource.manifest;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Says in plain words what the YAML parser stumbled over, and what to do about it. */
final class YamlErrors {

    private YamlErrors() {}

    static UnreadableException explain(YAMLException error, TextDocuments.Piece piece) {
        return switch (error) {
            case MarkedYAMLException marked -> explainMarked(marked, piece);
            case ReaderException reader ->
                    new UnreadableException(
                            lineOf(piece, reader.getPosition()),
                            String.format(
                                    "character U+%04X (expected: printable text in UTF-8)",
                                    reader.getCodePoint()));
            default -> new UnreadableException(piece.firstLine(), plain(error.getMessage()));
        };
    }

    private static UnreadableException explainMarked(
            MarkedYAMLException error, TextDocuments.Piece piece) {
        Mark mark = error.getProblemMark();
        Mark context = error.getContextMark();
        int line = piece.firstLine() + (mark == null ? 0 : mark.getLine());
        String where = mark == null ? "" : " at column " + (mark.getColumn() + 1);
        String began = context == null ? "" : " on line " + (piece.firstLine() + context.getLine());
        return new UnreadableException(line, words(plain(error.getProblem()), where, began, error));
    }

    private static String words(
            String problem, String where, String began, MarkedYAMLException error) {
        if (problem.contains("\\t(TAB)") || problem.contains("a tab character")) {
            return "a tab" + where + " (indent with spaces)";
        }
        if (problem.startsWith("mapping values are not allowed here")) {
            return "a second \":\""
                    + where
                    + " (put each \"name: value\" on its own line, or quotes around a value that"
                    + " contains \": \")";
        }
        if (problem.startsWith("could not find expected ':'")) {
            return "a name without \":\"" + where + " (write \"name: value\")";
        }
        if (problem.contains("end of stream") || problem.contains("'<stream end>'")) {
            return "the document ends too early: what began" + began + " is not closed";
        }
        if (problem.startsWith("expected <block end>")) {
            return "indentation"
                    + where
                    + " fits nothing above (line it up with its siblings of what began"
                    + began
                    + ")";
        }
        if (problem.startsWith("expected ',' or")) {
            return "no \",\" or closing bracket" + where + " of what was opened" + began;
        }
        if (problem.startsWith("found character")) {
            return problem.replace("found ", "") + where + " (put quotes around the value)";
        }
        String context = plain(error.getContext());
        return "not valid YAML"
                + where
                + ": "
                + (context.isEmpty() ? "" : context + ": ")
                + problem;
    }

    private static int lineOf(TextDocuments.Piece piece, int codePoint) {
        int line = piece.firstLine();
        int chars = Math.min(codePoint, piece.text().length());
        for (int i = 0; i < chars; i++) {
            line += piece.text().charAt(i) == '\n' ? 1 : 0;
        }
        return line;
    }

    private static String plain(@Nullable String text) {
        return text == null ? "" : Values.shorten(text);
    }
}
