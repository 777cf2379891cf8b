package io.weir.simulator;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;

/** A Prometheus histogram with fixed bounds. Thread-safe. */
final class Histogram {

    private final String name;
    private final double[] bounds;
    private final AtomicLongArray counts;
    private final DoubleAdder sum = new DoubleAdder();

    Histogram(String name, double... bounds) {
        this.name = name;
        this.bounds = bounds.clone();
        this.counts = new AtomicLongArray(bounds.length + 1);
    }

    void observe(double value) {
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        counts.incrementAndGet(bucket);
        sum.add(value);
    }

    void render(StringBuilder page, String labels) {
        page.append("# TYPE ").append(name).append(" histogram\n");
        long cumulative = 0;
        for (int i = 0; i <= bounds.length; i++) {
            cumulative += counts.get(i);
            String bound = i < bounds.length ? Double.toString(bounds[i]) : "+Inf";
            page.append(name).append("_bucket{").append(labels);
            page.append(",le=\"").append(bound).append("\"} ").append(cumulative).append('\n');
        }
        page.append(name).append("_sum{").append(labels).append("} ");
        page.append(sum.sum()).append('\n');
        page.append(name).append("_count{").append(labels).append("} ");
        page.append(cumulative).append('\n');
    }
}
