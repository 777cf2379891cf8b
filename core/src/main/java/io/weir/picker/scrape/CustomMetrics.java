package io.weir.picker.scrape;

import io.weir.picker.plugin.DataPlugin.MetricSpec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics that a configuration asks for by name. Of several series that match, the last one counts.
 * Reused from page to page; owned by one thread.
 */
final class CustomMetrics {

    static final CustomMetrics NONE = new CustomMetrics(Map.of());

    private final Wanted[] wanted;

    private static final class Wanted {

        final String key;
        final byte[] name;
        final List<byte[]> labels = new ArrayList<>();
        double value = Double.NaN;

        Wanted(String key, MetricSpec spec) {
            this.key = key;
            this.name = bytes(spec.name());
            spec.labels()
                    .forEach((label, value) -> labels.add(bytes(label + "=\"" + value + "\"")));
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    CustomMetrics(Map<String, MetricSpec> specs) {
        List<Wanted> all = new ArrayList<>();
        specs.forEach((key, spec) -> all.add(new Wanted(key, spec)));
        wanted = all.toArray(Wanted[]::new);
    }

    boolean isEmpty() {
        return wanted.length == 0;
    }

    void begin() {
        for (Wanted metric : wanted) {
            metric.value = Double.NaN;
        }
    }

    void offer(byte[] line, int from, int to) {
        for (Wanted metric : wanted) {
            if (from < to && line[from] == metric.name[0] && matches(metric, line, from, to)) {
                int labels = Bytes.indexOf(line, from, to, '{');
                int end = labels < 0 ? from : Labels.end(line, labels, to);
                metric.value = MetricsParser.value(line, end, to);
            }
        }
    }

    Map<String, Double> values() {
        Map<String, Double> values = new HashMap<>();
        for (Wanted metric : wanted) {
            if (!Double.isNaN(metric.value)) {
                values.put(metric.key, metric.value);
            }
        }
        return values;
    }

    private static boolean matches(Wanted metric, byte[] line, int from, int to) {
        int end = from + metric.name.length;
        if (end >= to
                || (line[end] != '{' && line[end] != ' ')
                || !Arrays.equals(line, from, end, metric.name, 0, metric.name.length)) {
            return false;
        }
        for (byte[] label : metric.labels) {
            if (!MetricNames.hasLabel(line, end, to, label)) {
                return false;
            }
        }
        return true;
    }
}
