package io.weir.bench.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Columns of text, the first one left-aligned and the others right-aligned. */
final class Table {

    private final List<List<String>> lines = new ArrayList<>();

    Table add(List<String> line) {
        lines.add(List.copyOf(line));
        return this;
    }

    String plain() {
        int[] widths = new int[lines.getFirst().size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                String format = i == 0 ? "%-" + widths[i] + "s" : "  %" + widths[i] + "s";
                text.append(String.format(Locale.ROOT, format, line.get(i)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            text.append("| ").append(String.join(" | ", lines.get(i))).append(" |\n");
            if (i == 0) {
                text.append("|---").append("|---:".repeat(lines.get(0).size() - 1)).append("|\n");
            }
        }
        return text.toString();
    }
}
