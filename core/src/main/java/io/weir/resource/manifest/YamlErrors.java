package io.weir.resource.manifest;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Says in plain words what the YAML parser stumbled over, and what to do about it. */
final class YamlErrors {

    private YamlErrors() {}

    /**
     * Explains an error.
     *
     * @param error what the parser threw; it lets also other exceptions than its own escape
     * @param piece the document
     */
    static UnreadableException explain(RuntimeException error, TextDocuments.Piece piece) {
        return switch (error) {
            case MarkedYAMLException marked -> explainMarked(marked, piece);
            case ReaderException reader ->
                    new UnreadableException(
                            lineOf(piece, reader.getPosition()),
                            String.format(
                                    "character U+%04X (expected: printable text in UTF-8)",
                                    reader.getCodePoint()));
            default ->
                    new UnreadableException(
                            piece.firstLine(), "not valid YAML: " + plain(error.getMessage()));
        };
    }

    private static UnreadableException explainMarked(
            MarkedYAMLException error, TextDocuments.Piece piece) {
        String problem = plain(error.getProblem());
        Mark began = error.getContextMark();
        boolean inContext =
                problem.contains("end of stream")
                        || problem.contains("<stream end>")
                        || problem.startsWith("could not find expected ':'");
        Mark mark = inContext && began != null ? began : error.getProblemMark();
        int line = mark == null ? 0 : mark.getLine();
        String where = mark == null ? "" : " at column " + (mark.getColumn() + 1);
        String beganAt = began == null ? "" : " on line " + (piece.firstLine() + began.getLine());
        return new UnreadableException(
                piece.firstLine() + line, words(problem, where, beganAt, error));
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
        if (problem.contains("end of stream") || problem.contains("<stream end>")) {
            return "what begins" + where + " has no end (close the quote or bracket)";
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
            String what = problem.replace("found ", "").replaceFirst("\\. \\(Do not.*", "");
            return what + where + " (put quotes around the value)";
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
