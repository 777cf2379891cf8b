package io.weir.picker.setup;

import io.weir.picker.plugin.DataPlugin.CoreMetrics;
import io.weir.picker.plugin.DataPlugin.Extractor;
import io.weir.picker.plugin.DataPlugin.GpuSource;
import io.weir.picker.plugin.DataPlugin.GpuUse;
import io.weir.picker.plugin.DataPlugin.MetricsSource;
import io.weir.picker.plugin.DataPlugin.ModelsSource;
import io.weir.picker.prefix.EventSource;

import org.jspecify.annotations.Nullable;

/**
 * What the servers of a pool are asked for.
 *
 * @param metrics where their metrics are; null when they are not asked for them
 * @param core what is taken out of the metrics
 * @param models where their models are; null when they are not asked for them
 * @param gpus where the use of their GPUs is; null when nobody asks for it
 * @param loadMatters whether a plugin looks at their load; if none does, metrics are asked for as
 *     rarely as of a server at rest
 * @param events where they publish what happens in their KV caches; null for nowhere
 */
public record ScrapePlan(
        @Nullable MetricsSource metrics,
        CoreMetrics core,
        @Nullable ModelsSource models,
        @Nullable GpuSource gpus,
        boolean loadMatters,
        @Nullable EventSource events) {

    /** Metrics and models where all engines have them. */
    public static final ScrapePlan DEFAULT = of(DataLayerSettings.DEFAULT, true);

    static ScrapePlan of(DataLayerSettings settings, boolean loadMatters) {
        MetricsSource metrics = null;
        ModelsSource models = null;
        CoreMetrics core = null;
        GpuSource gpus = null;
        for (DataLayerSettings.Use use : settings.sources()) {
            if (use.source() instanceof MetricsSource source && metrics == null) {
                metrics = source;
                core = core(use);
            }
            if (use.source() instanceof ModelsSource source && models == null) {
                models = source;
            }
            if (use.source() instanceof GpuSource source
                    && use.extractors().stream().anyMatch(GpuUse.class::isInstance)) {
                gpus = source;
            }
        }
        // Metrics that nobody takes anything out of are not worth asking for.
        return new ScrapePlan(
                core == null ? null : metrics,
                core == null ? DataLayerSettings.CORE : core,
                models,
                gpus,
                loadMatters,
                settings.events());
    }

    private static @Nullable CoreMetrics core(DataLayerSettings.Use use) {
        for (Extractor extractor : use.extractors()) {
            if (extractor instanceof CoreMetrics core) {
                return core;
            }
        }
        return null;
    }
}
