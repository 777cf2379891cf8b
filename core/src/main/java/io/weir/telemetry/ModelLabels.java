package io.weir.telemetry;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Keeps clients from inventing metric series: a model is a label only when it is known, because it
 * stands in the configuration or a server says that it serves it.
 *
 * <p>Thread-safe; the set is replaced as a whole.
 */
public final class ModelLabels {

    private volatile Set<String> known = Set.of();

    /** Says which models there are from now on. */
    public void know(Set<String> models) {
        known = Set.copyOf(models);
    }

    /** Returns the label for a model; empty when the request named none. */
    public String labelOf(@Nullable String model) {
        if (model == null || model.isEmpty()) {
            return "";
        }
        return known.contains(model) ? model : MetricNames.OTHER;
    }
}
