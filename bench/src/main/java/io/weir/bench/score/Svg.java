package io.weir.bench.score;

import java.util.Formatter;
import java.util.Locale;

/** Writes pictures. Coordinates are in pixels from the upper left. */
final class Svg {

    static final String INK = "#24292f";
    static final String FAINT = "#8c959f";
    static final String RULE = "#e4e8ec";

    private final Formatter text = new Formatter(Locale.ROOT);

    Svg(int width, int height, String title) {
        text.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                        + " viewBox=\"0 0 %d %d\" font-family=\"system-ui, -apple-system, 'Segoe UI',"
                        + " 'DejaVu Sans', sans-serif\" font-size=\"13\">\n",
                width, height, width, height);
        text.format("<title>%s</title>\n", escape(title));
        text.format("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n", width, height);
    }

    /** Adds a text; the anchor is start, middle or end. */
    Svg text(double x, double y, String anchor, String color, String style, String words) {
        text.format(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\"%s>%s</text>\n",
                x, y, anchor, color, style.isEmpty() ? "" : " " + style, escape(words));
        return this;
    }

    Svg line(double x1, double y1, double x2, double y2, String color, double width) {
        text.format(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
                        + " stroke-width=\"%.1f\"/>\n",
                x1, y1, x2, y2, color, width);
        return this;
    }

    Svg circle(double x, double y, double radius, String fill, String stroke, String tip) {
        text.format(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" stroke=\"%s\""
                        + " stroke-width=\"1.5\"><title>%s</title></circle>\n",
                x, y, radius, fill, stroke, escape(tip));
        return this;
    }

    String end() {
        text.format("</svg>\n");
        return text.toString();
    }

    private static String escape(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
