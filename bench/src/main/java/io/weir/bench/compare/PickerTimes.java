package io.weir.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a picker says that requests took it, in the histograms of its metrics port. */
final class PickerTimes {

    /** The pick alone, and all from a request's headers to its reply. */
    static final List<String> HISTOGRAMS =
            List.of(
                    "llm_d_epp_scheduler_e2e_duration_seconds",
                    "llm_d_epp_request_processing_duration_seconds");

    private static final Pattern BUCKET =
            Pattern.compile("(?m)^(\\w+)_bucket\\{.*?le=\"([^\"]+)\".*?} (\\S+)$");

    private final URI page;

    PickerTimes(InetSocketAddress metrics) {
        page = URI.create("http://127.0.0.1:" + metrics.getPort() + "/metrics");
    }

    /**
     * Counts up to each upper bound, by histogram.
     *
     * @param buckets by name and upper bound in seconds
     */
    record Read(Map<String, NavigableMap<Double, Double>> buckets) {

        /** Returns what came since another one. */
        Read since(Read before) {
            Map<String, NavigableMap<Double, Double>> left = new HashMap<>();
            buckets.forEach((name, counts) -> {
                Map<Double, Double> were = before.buckets().getOrDefault(name, NOTHING);
                NavigableMap<Double, Double> now = new TreeMap<>();
                counts.forEach(
                        (bound, count) -> now.put(bound, count - were.getOrDefault(bound, 0.0)));
                left.put(name, now);
            });
            return new Read(left);
        }

        /** Returns a quantile in microseconds, as Prometheus finds it: linear in its bucket. */
        double micros(String name, double quantile) {
            NavigableMap<Double, Double> counts = buckets.getOrDefault(name, NOTHING);
            if (counts.isEmpty() || counts.lastEntry().getValue() == 0) {
                return Double.NaN;
            }
            double wanted = quantile * counts.lastEntry().getValue();
            double from = 0;
            double below = 0;
            for (var bucket : counts.entrySet()) {
                double to = bucket.getKey();
                double count = bucket.getValue();
                if (count >= wanted) {
                    double part = count == below ? 1 : (wanted - below) / (count - below);
                    return Double.isInfinite(to) ? from * 1e6 : (from + (to - from) * part) * 1e6;
                }
                from = to;
                below = count;
            }
            return from * 1e6;
        }
    }

    private static final NavigableMap<Double, Double> NOTHING = new TreeMap<>();

    /** Reads the page; counts of a histogram's series are added up. */
    Read read() {
        try (InputStream body = page.toURL().openStream()) {
            return parse(new String(body.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Read parse(String text) {
        Map<String, NavigableMap<Double, Double>> buckets = new HashMap<>();
        Matcher line = BUCKET.matcher(text);
        while (line.find()) {
            if (HISTOGRAMS.contains(line.group(1))) {
                buckets.computeIfAbsent(line.group(1), _ -> new TreeMap<>())
                        .merge(bound(line.group(2)), Double.valueOf(line.group(3)), Double::sum);
            }
        }
        return new Read(buckets);
    }

    private static double bound(String text) {
        return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }
}
