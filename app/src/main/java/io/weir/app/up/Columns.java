package io.weir.app.up;

import java.util.List;

/** Writes tables with aligned columns. */
final class Columns {

    private static final String INDENT = "  ";

    private Columns() {}

    static void write(StringBuilder text, List<List<String>> lines) {
        int[] widths = new int[lines.getFirst().size()];
        for (List<String> line : lines) {
            for (int i = 0; i < line.size(); i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < line.size(); i++) {
                row.append(INDENT).append(line.get(i));
                row.append(" ".repeat(widths[i] - line.get(i).length()));
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
    }
}
