package io.weir.bench.score;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * A row for each workload, a dot for each policy, on a logarithmic scale. The few policies that the
 * picture is about have colours, all others are grey.
 *
 * @param title what is shown
 * @param subtitle how to read it
 * @param rows the rows from top to bottom
 * @param ticks values that are written under the picture, ascending; they bound it as well
 * @param label writes a value
 */
record DotChart(
        String title,
        String subtitle,
        List<RowOfDots> rows,
        List<Double> ticks,
        DoubleFunction<String> label) {

    private static final int LEFT = 190;
    private static final int RIGHT = 70;
    private static final int TOP = 96;
    private static final int ROW = 32;
    private static final int BOTTOM = 44;
    private static final int WIDTH = 860;
    private static final double RADIUS = 4.5;

    /**
     * A dot.
     *
     * @param low lower end of the interval, the value itself when there is none
     * @param high upper end of the interval
     * @param color its colour; null for grey
     */
    record Dot(String policy, double value, double low, double high, String color) {

        static final String GREY = "#c3cad1";

        boolean isGrey() {
            return color.equals(GREY);
        }
    }

    /** A row. */
    record RowOfDots(String name, List<Dot> dots) {

        RowOfDots {
            dots = List.copyOf(dots);
        }
    }

    DotChart {
        rows = List.copyOf(rows);
        ticks = List.copyOf(ticks);
    }

    String svg() {
        int height = TOP + ROW * rows.size() + BOTTOM;
        Svg svg = new Svg(WIDTH, height, title);
        svg.text(20, 30, "start", Svg.INK, "font-size=\"18\" font-weight=\"600\"", title);
        svg.text(20, 51, "start", Svg.FAINT, "", subtitle);
        legend(svg);
        for (double tick : ticks) {
            double x = x(tick);
            boolean isOne = tick == 1;
            svg.line(x, TOP - 6, x, height - BOTTOM + 4, isOne ? Svg.FAINT : Svg.RULE, 1);
            svg.text(x, height - BOTTOM + 20, "middle", Svg.FAINT, "", label.apply(tick));
        }
        for (int i = 0; i < rows.size(); i++) {
            draw(svg, rows.get(i), TOP + ROW * i + ROW / 2.0);
        }
        return svg.end();
    }

    private void legend(Svg svg) {
        double x = LEFT;
        for (Dot dot : rows.getFirst().dots().reversed()) {
            if (!dot.isGrey()) {
                svg.circle(x, 73, RADIUS + 0.5, dot.color(), "white", dot.policy());
                svg.text(x + 10, 77.5, "start", Svg.INK, "", dot.policy());
                x += 34 + 7.2 * dot.policy().length();
            }
        }
        svg.circle(x, 73, RADIUS, Dot.GREY, "white", "others");
        svg.text(x + 10, 77.5, "start", Svg.INK, "", "others");
    }

    private void draw(Svg svg, RowOfDots row, double y) {
        svg.text(LEFT - 16, y + 4.5, "end", Svg.INK, "", row.name());
        svg.line(LEFT, y, WIDTH - RIGHT, y, Svg.RULE, 1);
        // Grey ones first, so that they don't hide the others.
        for (Dot dot : row.dots()) {
            if (dot.isGrey() && !Double.isNaN(dot.value())) {
                draw(svg, dot, y);
            }
        }
        for (Dot dot : row.dots()) {
            if (!dot.isGrey() && !Double.isNaN(dot.value())) {
                draw(svg, dot, y);
            }
        }
    }

    private void draw(Svg svg, Dot dot, double y) {
        if (dot.high() > dot.low() && !dot.isGrey()) {
            svg.line(x(dot.low()), y, x(dot.high()), y, dot.color(), 3);
        }
        String tip = dot.policy() + ": " + label.apply(dot.value());
        double radius = dot.isGrey() ? RADIUS : RADIUS + 1;
        svg.circle(x(dot.value()), y, radius, dot.color(), "white", tip);
    }

    private double x(double value) {
        double least = Math.log(ticks.getFirst());
        double most = Math.log(ticks.getLast());
        double share = (Math.log(value) - least) / (most - least);
        return LEFT + Math.clamp(share, 0.0, 1.0) * (WIDTH - LEFT - RIGHT);
    }

    static String times(double value) {
        return value >= 10
                ? String.format(Locale.ROOT, "%.0f×", value)
                : String.format(Locale.ROOT, value >= 1 ? "%.3g×" : "%.2g×", value)
                        .replace(".00", "");
    }

    static String millis(double value) {
        return value >= 1000
                ? String.format(Locale.ROOT, "%.0f s", value / 1000)
                : String.format(Locale.ROOT, "%.0f ms", value);
    }
}
