package io.weir.bench.score;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Results as lines of tab-separated values. */
final class ResultFile {

    private static final String HEADER =
            String.join(
                    "\t",
                    "workload",
                    "policy",
                    "seed",
                    "highest_rate",
                    "rate",
                    "requests",
                    "attainment",
                    "ttft_mean_ms",
                    "ttft_p50_ms",
                    "ttft_p90_ms",
                    "ttft_p99_ms",
                    "tpot_mean_ms",
                    "tpot_p99_ms",
                    "output_tokens_per_s",
                    "prefix_hits",
                    "imbalance",
                    "burst_imbalance",
                    "preemptions",
                    "adapter_loads",
                    "refused");

    private ResultFile() {}

    static List<Row> read(Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.equals(HEADER) && !line.isEmpty()) {
                rows.add(parse(line.split("\t", -1)));
            }
        }
        return rows;
    }

    /** Adds a line, so that what is done is not lost when the rest is interrupted. */
    static void append(Path file, Row row) throws IOException {
        if (!Files.exists(file)) {
            Files.writeString(file, HEADER + "\n");
        }
        Files.writeString(file, format(row) + "\n", StandardOpenOption.APPEND);
    }

    /** Writes all lines in an order that does not depend on which run ended first. */
    static void write(Path file, List<Row> rows) throws IOException {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        rows.stream()
                .sorted(
                        Comparator.comparing(Row::workload)
                                .thenComparing(Row::policy)
                                .thenComparingLong(Row::seed))
                .forEach(row -> text.append(format(row)).append('\n'));
        Files.writeString(file, text);
    }

    private static String format(Row row) {
        Outcome o = row.outcome();
        return String.format(
                Locale.ROOT,
                "%s\t%s\t%d\t%.3f\t%.3f\t%d\t%.5f\t%.2f\t%.2f\t%.2f\t%.2f\t%.3f\t%.3f\t%.1f\t%.4f"
                        + "\t%.4f\t%.3f\t%d\t%d\t%d",
                row.workload(),
                row.policy(),
                row.seed(),
                row.highestRate(),
                o.rate(),
                o.requests(),
                o.attainment(),
                o.ttftMean(),
                o.ttftP50(),
                o.ttftP90(),
                o.ttftP99(),
                o.tpotMean(),
                o.tpotP99(),
                o.outputRate(),
                o.prefixHits(),
                o.imbalance(),
                o.burstImbalance(),
                o.preemptions(),
                o.adapterLoads(),
                o.refused());
    }

    private static Row parse(String[] f) {
        Outcome outcome =
                new Outcome(
                        Double.parseDouble(f[4]),
                        Long.parseLong(f[5]),
                        Double.parseDouble(f[6]),
                        Double.parseDouble(f[7]),
                        Double.parseDouble(f[8]),
                        Double.parseDouble(f[9]),
                        Double.parseDouble(f[10]),
                        Double.parseDouble(f[11]),
                        Double.parseDouble(f[12]),
                        Double.parseDouble(f[13]),
                        Double.parseDouble(f[14]),
                        Double.parseDouble(f[15]),
                        Double.parseDouble(f[16]),
                        Long.parseLong(f[17]),
                        Long.parseLong(f[18]),
                        Long.parseLong(f[19]));
        return new Row(f[0], f[1], Long.parseLong(f[2]), Double.parseDouble(f[3]), outcome);
    }
}
