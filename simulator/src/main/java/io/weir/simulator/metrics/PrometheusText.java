package io.weir.simulator.metrics;

import java.nio.charset.StandardCharsets;

/** Writes the Prometheus text format, version 0.0.4. */
final class PrometheusText {

    private final StringBuilder out = new StringBuilder(24 * 1024);
    private final String labels;

    /**
     * @param labels labels of every series, without braces
     */
    PrometheusText(String labels) {
        this.labels = labels;
    }

    void gauge(String name, String help, double value) {
        head(name, help, "gauge");
        line(name, "", value);
    }

    void counter(String name, String help, long value) {
        head(name, help, "counter");
        line(name, "", (double) value);
    }

    /** Begins a metric whose series follow one by one. */
    void head(String name, String help, String type) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    /** Writes a series with further labels, which begin with a comma. */
    void line(String name, String furtherLabels, double value) {
        out.append(name).append('{').append(labels).append(furtherLabels).append("} ");
        number(value);
        out.append('\n');
    }

    void histogram(String name, String help, Histogram histogram) {
        head(name, help, "histogram");
        long count = 0;
        double[] bounds = histogram.bounds();
        for (int i = 0; i < bounds.length; i++) {
            count += histogram.countIn(i);
            out.append(name).append("_bucket{").append(labels).append(",le=\"");
            number(bounds[i]);
            out.append("\"} ").append(count).append(".0\n");
        }
        count += histogram.countIn(bounds.length);
        line(name + "_bucket", ",le=\"+Inf\"", (double) count);
        line(name + "_sum", "", histogram.sum());
        line(name + "_count", "", (double) count);
    }

    static String label(String name, String value) {
        String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        return name + "=\"" + escaped + '"';
    }

    private void number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            out.append((long) value).append(".0");
        } else {
            out.append(value);
        }
    }

    byte[] bytes() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }
}
