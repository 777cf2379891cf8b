package io.weir.resource.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a stream of YAML documents at its markers, so that a document that can't be read does not
 * hide the others. A line that begins with {@code ---} is a marker wherever it stands (YAML 1.1,
 * section 4.1), so no parsing is needed.
 */
final class TextDocuments {

    private final String text;
    private final List<Piece> pieces = new ArrayList<>();
    private int pieceStart;
    private int pieceLine = 1;
    private boolean hasContent;
    private boolean hasDirective;

    static final int MAX = 100_000;

    private TextDocuments(String text) {
        this.text = text;
    }

    /**
     * One document.
     *
     * @param firstLine line of the file at which the piece begins, from 1
     * @param text the piece
     */
    record Piece(int firstLine, String text) {

        /** Returns whether the piece may be JSON. */
        boolean looksLikeJson() {
            return text.stripLeading().startsWith("{");
        }

        /** Checks that no line is too long. */
        void checkLines(int maxChars) throws UnreadableException {
            int line = firstLine;
            for (int start = 0; start < text.length(); line++) {
                int newline = text.indexOf('\n', start);
                int end = newline < 0 ? text.length() : newline;
                if (end - start > maxChars) {
                    throw new UnreadableException(
                            line,
                            "a line of "
                                    + (end - start)
                                    + " characters (expected: at most "
                                    + maxChars
                                    + " in YAML)");
                }
                start = end + 1;
            }
        }
    }

    static List<Piece> split(String text) throws UnreadableException {
        TextDocuments documents = new TextDocuments(text);
        documents.cut();
        if (documents.pieces.size() > MAX) {
            throw new UnreadableException(
                    documents.pieces.get(MAX).firstLine(),
                    documents.pieces.size() + " documents (expected: at most " + MAX + ")");
        }
        return documents.pieces;
    }

    private void cut() {
        int line = 1;
        for (int start = 0; start < text.length(); line++) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 ? text.length() : newline + 1;
            if (isMarker(start, end, '-')) {
                if (hasContent || !hasDirective) {
                    finish(start, line);
                }
                hasContent = isContent(start + 3, end);
            } else if (isMarker(start, end, '.')) {
                finish(end, line + 1);
            } else if (text.charAt(start) == '%' && !hasContent) {
                hasDirective = true;
            } else {
                hasContent |= isContent(start, end);
            }
            start = end;
        }
        finish(text.length(), line);
    }

    private void finish(int end, int nextLine) {
        if (hasContent) {
            pieces.add(new Piece(pieceLine, text.substring(pieceStart, end)));
        }
        pieceStart = end;
        pieceLine = nextLine;
        hasContent = false;
        hasDirective = false;
    }

    private boolean isMarker(int start, int end, char c) {
        if (end - start < 3) {
            return false;
        }
        for (int i = start; i < start + 3; i++) {
            if (text.charAt(i) != c) {
                return false;
            }
        }
        return end - start == 3 || Character.isWhitespace(text.charAt(start + 3));
    }

    private boolean isContent(int start, int end) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c)) {
                return c != '#';
            }
        }
        return false;
    }
}
