package io.weir.app.up;

import io.weir.picker.Explanation;
import io.weir.picker.Explanation.Removal;
import io.weir.picker.Explanation.Row;
import io.weir.picker.Explanation.Stage;
import io.weir.picker.Explanation.Weight;
import io.weir.picker.pool.DecisionLog;
import io.weir.resource.ObjectKey;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Explanations for people. */
final class ExplanationText {

    private static final int MOST_ROWS = 20;
    private static final int MOST_NAMES = 8;

    private ExplanationText() {}

    static String one(ObjectKey pool, Explanation explanation) {
        StringBuilder text = new StringBuilder();
        text.append(
                "pool %s, model %s, priority %d, %d prompt tokens, %d endpoints%n"
                        .formatted(
                                pool.objectName(),
                                Objects.requireNonNullElse(explanation.model(), "none"),
                                explanation.priority(),
                                explanation.promptTokens(),
                                explanation.candidates()));
        for (Removal removal : explanation.narrowed()) {
            removal(text, removal);
        }
        for (Stage stage : explanation.stages()) {
            stage(text, stage);
        }
        return text.append(outcome(explanation)).append('\n').toString();
    }

    private static String outcome(Explanation explanation) {
        var refusal = explanation.refusal();
        if (refusal != null) {
            return "refused with "
                    + refusal.reason().status()
                    + " "
                    + refusal.reason()
                    + ": "
                    + refusal.message();
        }
        return "picked "
                + explanation.endpoint()
                + ", runner-up "
                + Objects.requireNonNullElse(explanation.runnerUp(), "none");
    }

    private static void removal(StringBuilder text, Removal removal) {
        text.append("  filter ").append(removal.filter()).append(": ");
        text.append(removal.left()).append(" left");
        List<String> removed = removal.removed();
        if (!removed.isEmpty()) {
            int shown = Math.min(MOST_NAMES, removed.size());
            text.append("; removed ").append(String.join(", ", removed.subList(0, shown)));
            if (shown < removed.size()) {
                text.append(" and ").append(removed.size() - shown).append(" more");
            }
        }
        text.append('\n');
    }

    private static void stage(StringBuilder text, Stage stage) {
        text.append("profile ").append(stage.profile()).append('\n');
        for (Removal removal : stage.filters()) {
            removal(text, removal);
        }
        List<List<String>> table = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("ENDPOINT", "ADDRESS"));
        for (Weight weight : stage.scorers()) {
            head.add(weight.scorer() + " x" + number(weight.weight()));
        }
        head.add("TOTAL");
        head.add("");
        table.add(head);
        for (Row row : stage.rows().subList(0, Math.min(MOST_ROWS, stage.rows().size()))) {
            table.add(line(row, row.endpoint().equals(stage.endpoint())));
        }
        Columns.write(text, table);
        if (stage.rows().size() > MOST_ROWS) {
            text.append("  and ").append(stage.rows().size() - MOST_ROWS).append(" more\n");
        }
    }

    private static List<String> line(Row row, boolean chosen) {
        List<String> line = new ArrayList<>(List.of(row.endpoint(), row.address()));
        row.scores().forEach(score -> line.add(number(score)));
        line.add(number(row.total()));
        line.add(chosen ? "<- chosen" : row.avoided() ? "avoided" : "");
        return line;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value).replaceAll("\\.?0+$", "");
    }

    static String list(boolean on, List<DecisionLog.Entry> entries, long nowNanos) {
        StringBuilder text = new StringBuilder();
        text.append(on ? "decisions are kept\n" : "decisions are not kept\n");
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("AGE", "REQUEST", "POOL", "MODEL", "OUTCOME"));
        for (DecisionLog.Entry entry : entries) {
            Explanation explanation = entry.explanation();
            long millis = TimeUnit.NANOSECONDS.toMillis(nowNanos - explanation.atNanos());
            table.add(
                    List.of(
                            millis + " ms",
                            explanation.requestId().isEmpty() ? "-" : explanation.requestId(),
                            entry.pool().objectName().toString(),
                            Objects.requireNonNullElse(explanation.model(), "none"),
                            outcome(explanation)));
        }
        if (!entries.isEmpty()) {
            Columns.write(text, table);
        }
        return text.toString();
    }
}
