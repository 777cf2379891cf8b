package io.weir.picker.setup;

import io.weir.picker.plugin.DataPlugin;
import io.weir.picker.plugin.DataPlugin.CoreMetrics;
import io.weir.picker.plugin.DataPlugin.MetricsSource;
import io.weir.picker.plugin.DataPlugin.ModelList;
import io.weir.picker.plugin.DataPlugin.ModelsSource;
import io.weir.picker.plugin.DataPlugin.Page;
import io.weir.picker.prefix.EventSource;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where values of endpoints come from.
 *
 * @param sources what is asked, and what is taken out of the answers
 * @param events where servers publish what happens in their KV caches; null for nowhere
 * @param endpointsFile file that names the endpoints, for a picker that runs without a cluster;
 *     null when they come from elsewhere
 */
public record DataLayerSettings(
        List<Use> sources, @Nullable EventSource events, @Nullable String endpointsFile) {

    /** Metrics at {@code /metrics} of the endpoint's own port. */
    public static final MetricsSource METRICS =
            new MetricsSource(new Page(Optional.empty(), "/metrics", 0), null);

    /** Models at {@code /v1/models} of the endpoint's own port. */
    public static final ModelsSource MODELS =
            new ModelsSource(new Page(Optional.empty(), "/v1/models", 0), null);

    /** Engines by their label, else vLLM. */
    public static final CoreMetrics CORE =
            new CoreMetrics("llm-d.ai/engine-type", "vllm", Map.of(), Map.of());

    /** Metrics and models where all engines have them. */
    public static final DataLayerSettings DEFAULT =
            new DataLayerSettings(
                    List.of(
                            new Use(METRICS, List.of(CORE)),
                            new Use(MODELS, List.of(new ModelList()))),
                    null,
                    null);

    public DataLayerSettings {
        sources = List.copyOf(sources);
    }

    /**
     * A source and its extractors.
     *
     * @param source the source
     * @param extractors what takes values out of its answers
     */
    public record Use(DataPlugin.Source source, List<DataPlugin.Extractor> extractors) {

        public Use {
            extractors = List.copyOf(extractors);
        }
    }
}
