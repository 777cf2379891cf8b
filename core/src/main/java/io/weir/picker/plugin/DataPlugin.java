package io.weir.picker.plugin;

import io.weir.tls.ClientTls;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where values of endpoints come from. Values only: scraping acts on them. */
public sealed interface DataPlugin extends Plugin {

    /** Something that is asked or that tells by itself. */
    sealed interface Source extends DataPlugin {}

    /** What takes values out of what a source gave. */
    sealed interface Extractor extends DataPlugin {}

    /**
     * A page of metrics.
     *
     * @param page where
     * @param interval how often; null for Weir's own pace
     */
    record MetricsSource(Page page, @Nullable Duration interval) implements Source {}

    /**
     * The list of models.
     *
     * @param page where
     * @param interval how often; null for Weir's own pace
     */
    record ModelsSource(Page page, @Nullable Duration interval) implements Source {}

    /**
     * A page of NVIDIA's DCGM exporter, which runs beside a server or on its node.
     *
     * @param page where
     * @param onNode whether it is at the address of the node
     * @param interval how often; null for once a second
     */
    record GpuSource(Page page, boolean onNode, @Nullable Duration interval) implements Source {}

    /** Takes the use of the busiest GPU out of a {@link GpuSource}. */
    record GpuUse() implements Extractor {}

    /**
     * Tells of endpoints or objects as they come and go, which pools do in any case.
     *
     * @param type the type's name
     */
    record Notifications(String type) implements Source {}

    /**
     * Where a page of an endpoint is.
     *
     * @param tls how it is asked for over TLS; empty for clear text
     * @param path path
     * @param port port; 0 for the endpoint's own
     */
    record Page(Optional<ClientTls> tls, String path, int port) {}

    /**
     * Takes queue, KV cache and adapters out of metrics.
     *
     * @param engineLabel label of the endpoint that names its engine
     * @param defaultEngine engine of endpoints without the label
     * @param engines names of metrics by engine, for engines that are not built in or that differ
     * @param custom further metrics, by the key under which plugins ask for them
     */
    record CoreMetrics(
            String engineLabel,
            String defaultEngine,
            Map<String, EngineMetrics> engines,
            Map<String, MetricSpec> custom)
            implements Extractor {

        public CoreMetrics {
            engines = Map.copyOf(engines);
            custom = Map.copyOf(custom);
        }
    }

    /**
     * Names of an engine's metrics; null where the engine has none.
     *
     * @param waiting length of the queue
     * @param running requests being worked on
     * @param kvUsage use of the KV cache, 0..1
     * @param lora LoRA adapters, in the labels
     * @param cache size of the KV cache
     */
    record EngineMetrics(
            @Nullable MetricSpec waiting,
            @Nullable MetricSpec running,
            @Nullable MetricSpec kvUsage,
            @Nullable MetricSpec lora,
            CacheMetrics cache) {}

    /**
     * Where the size of a KV cache is: in the labels of one series, or in the values of two.
     *
     * @param info series with the labels; null for none
     * @param blockTokensLabel label with the tokens of a block
     * @param blocksLabel label with the number of blocks
     * @param blockTokens series whose value is the tokens of a block; null for none
     * @param blocks series whose value is the number of blocks; null for none
     */
    record CacheMetrics(
            @Nullable MetricSpec info,
            String blockTokensLabel,
            String blocksLabel,
            @Nullable MetricSpec blockTokens,
            @Nullable MetricSpec blocks) {}

    /**
     * One series of a page.
     *
     * @param name the family's name
     * @param labels labels that the series must have
     */
    record MetricSpec(String name, Map<String, String> labels) {

        public MetricSpec {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * A file that names the endpoints, for pickers that run without a cluster.
     *
     * @param path the file
     */
    record FileDiscovery(String path) implements DataPlugin {}

    /** Takes the list of models out of an answer. */
    record ModelList() implements Extractor {}

    /**
     * An extractor of another type that is known by name.
     *
     * @param type the type's name
     * @param sources types of sources that it can work on
     */
    record Named(String type, List<String> sources) implements Extractor {

        public Named {
            sources = List.copyOf(sources);
        }
    }
}
