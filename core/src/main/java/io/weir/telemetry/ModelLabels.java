package io.weir.telemetry;

import org.jspecify.annotations.Nullable;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps clients from inventing metric series: a model is a label only when it is known, because it
 * stands in the configuration or a server says that it serves it, or when it is one of the first
 * unknown ones.
 *
 * <p>Thread-safe; the set of known ones is replaced as a whole.
 */
public final class ModelLabels {

    private final int mostUnknown;
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();
    private volatile Set<String> known = Set.of();

    /** Only known models become labels. */
    public ModelLabels() {
        this(0);
    }

    /**
     * @param mostUnknown about how many unknown models become labels, the first ones
     */
    public ModelLabels(int mostUnknown) {
        this.mostUnknown = mostUnknown;
    }

    /** Says which models there are from now on. */
    public void know(Set<String> models) {
        known = Set.copyOf(models);
    }

    /** Returns the label for a model; empty when the request named none. */
    public String labelOf(@Nullable String model) {
        if (model == null || model.isEmpty()) {
            return "";
        }
        return known.contains(model) || isEarly(model) ? model : MetricNames.OTHER;
    }

    private boolean isEarly(String model) {
        if (unknown.contains(model)) {
            return true;
        }
        return unknown.size() < mostUnknown && unknown.add(model);
    }
}
