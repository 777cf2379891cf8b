package io.weir.telemetry;

import java.util.List;

/** Bucket bounds as the metrics library wants them. */
final class Buckets {

    private Buckets() {}

    static double[] array(List<Double> bounds) {
        return bounds.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
