package io.weir.picker.scrape;

import io.weir.picker.plugin.DataPlugin.CacheMetrics;
import io.weir.picker.plugin.DataPlugin.EngineMetrics;
import io.weir.picker.plugin.DataPlugin.MetricSpec;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The metric families that picking needs, by model server.
 *
 * <p>Names begin with a prefix of their server. Of the hundreds of other series with that prefix
 * most are told apart by the one byte that follows it.
 */
final class MetricNames {

    private static final Map<String, MetricNames> BY_ENGINE =
            Map.of(
                    "vllm",
                    new MetricNames(
                            "vllm:",
                            family("num_requests_waiting", Field.WAITING),
                            family("num_requests_running", Field.RUNNING),
                            family("kv_cache_usage_perc", Field.KV_CACHE_USAGE),
                            family("gpu_cache_usage_perc", Field.KV_CACHE_USAGE_LEGACY),
                            family("cache_config_info", Field.CACHE_CONFIG),
                            family("lora_requests_info", Field.ADAPTERS)),
                    "sglang",
                    new MetricNames(
                            "sglang:",
                            "page_size",
                            "num_pages",
                            family("num_queue_reqs", Field.WAITING),
                            family("num_running_reqs", Field.RUNNING),
                            family("token_usage", Field.KV_CACHE_USAGE),
                            family("cache_config_info", Field.CACHE_CONFIG)),
                    "trtllm-serve",
                    new MetricNames(
                            "trtllm_",
                            family("num_requests_waiting", Field.WAITING),
                            family("num_requests_running", Field.RUNNING),
                            family("kv_cache_utilization", Field.KV_CACHE_USAGE),
                            family("kv_cache_tokens_per_block", Field.BLOCK_TOKENS),
                            family("kv_cache_max_blocks", Field.BLOCKS)),
                    "triton-tensorrt-llm",
                    new MetricNames(
                            "nv_trt_llm_",
                            family("request_metrics", "request_type=\"waiting\"", Field.WAITING),
                            family("request_metrics", "request_type=\"scheduled\"", Field.RUNNING),
                            kvBlocks("fraction", Field.KV_CACHE_USAGE),
                            kvBlocks("tokens_per", Field.BLOCK_TOKENS),
                            kvBlocks("max", Field.BLOCKS)));

    private final byte[] prefix;
    private final String blockTokensLabel;
    private final String blocksLabel;
    private final Family[] families;
    private final boolean[] firstBytes = new boolean[128];

    /** What a series tells. */
    enum Field {
        WAITING,
        RUNNING,
        KV_CACHE_USAGE,
        /** As vLLM called it before; counts where the new name is missing. */
        KV_CACHE_USAGE_LEGACY,
        BLOCK_TOKENS,
        BLOCKS,
        /** Size and number of blocks are in the labels. */
        CACHE_CONFIG,
        /** Adapters are in the labels, and the value is the time of the last change. */
        ADAPTERS
    }

    private static final class Family {

        /** The name behind the prefix. */
        final byte[] name;

        /** What must be among the labels. */
        final byte[][] labels;

        final Field field;

        Family(String name, Field field, String... labels) {
            this.name = bytes(name);
            this.labels = Arrays.stream(labels).map(MetricNames::bytes).toArray(byte[][]::new);
            this.field = field;
        }
    }

    private MetricNames(String prefix, Family... families) {
        this(prefix, "block_size", "num_gpu_blocks", families);
    }

    private MetricNames(
            String prefix, String blockTokensLabel, String blocksLabel, Family... families) {
        this.prefix = bytes(prefix);
        this.blockTokensLabel = blockTokensLabel;
        this.blocksLabel = blocksLabel;
        this.families = families;
        for (Family family : families) {
            firstBytes[family.name[0]] = true;
        }
    }

    /**
     * Returns the names for an engine.
     *
     * @param engine value of the Pod's engine label; those of all engines when it is not known
     */
    static MetricNames[] forEngine(@Nullable String engine) {
        // Triton runs other back ends too, but only this one has metrics of requests.
        String known = "triton".equals(engine) ? "triton-tensorrt-llm" : engine;
        MetricNames names = known == null ? null : BY_ENGINE.get(known);
        return names != null
                ? new MetricNames[] {names}
                : BY_ENGINE.values().toArray(MetricNames[]::new);
    }

    /**
     * Returns the names for an engine.
     *
     * @param engine value of the Pod's engine label; those of all engines when it is not known
     * @param configured names of engines that are not built in, or that differ
     */
    static MetricNames[] forEngine(@Nullable String engine, Map<String, EngineMetrics> configured) {
        EngineMetrics metrics = engine == null ? null : configured.get(engine);
        return metrics == null ? forEngine(engine) : of(metrics);
    }

    private static MetricNames[] of(EngineMetrics metrics) {
        List<MetricNames> all = new ArrayList<>();
        add(all, metrics.waiting(), Field.WAITING);
        add(all, metrics.running(), Field.RUNNING);
        add(all, metrics.kvUsage(), Field.KV_CACHE_USAGE);
        add(all, metrics.lora(), Field.ADAPTERS);
        CacheMetrics cache = metrics.cache();
        add(all, cache.info(), Field.CACHE_CONFIG, cache.blockTokensLabel(), cache.blocksLabel());
        add(all, cache.blockTokens(), Field.BLOCK_TOKENS);
        add(all, cache.blocks(), Field.BLOCKS);
        return all.toArray(MetricNames[]::new);
    }

    /** Names of one's own have no prefix in common but their first letter. */
    private static void add(List<MetricNames> all, @Nullable MetricSpec spec, Field field) {
        add(all, spec, field, "", "");
    }

    private static void add(
            List<MetricNames> all,
            @Nullable MetricSpec spec,
            Field field,
            String blockTokensLabel,
            String blocksLabel) {
        if (spec == null || spec.name().length() < 2) {
            return;
        }
        String[] labels =
                spec.labels().entrySet().stream()
                        .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
                        .toArray(String[]::new);
        all.add(
                new MetricNames(
                        spec.name().substring(0, 1),
                        blockTokensLabel,
                        blocksLabel,
                        new Family(spec.name().substring(1), field, labels)));
    }

    /** Returns the label of {@link Field#CACHE_CONFIG} with the tokens of a block. */
    String blockTokensLabel() {
        return blockTokensLabel;
    }

    /** Returns the label of {@link Field#CACHE_CONFIG} with the number of blocks. */
    String blocksLabel() {
        return blocksLabel;
    }

    /**
     * Returns what a series tells; null when nothing of interest.
     *
     * @param from first byte of the line
     * @param to end of the line
     */
    @Nullable Field match(byte[] line, int from, int to) {
        int name = from + prefix.length;
        if (name >= to || line[from] != prefix[0] || line[name] < 0 || !firstBytes[line[name]]) {
            return null;
        }
        if (!Arrays.equals(line, from, name, prefix, 0, prefix.length)) {
            return null;
        }
        for (Family family : families) {
            if (hasName(line, name, to, family.name) && hasLabels(line, name, to, family)) {
                return family.field;
            }
        }
        return null;
    }

    private static boolean hasLabels(byte[] line, int from, int to, Family family) {
        for (byte[] label : family.labels) {
            if (!hasLabel(line, from, to, label)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasName(byte[] line, int from, int to, byte[] name) {
        int end = from + name.length;
        return end < to
                && (line[end] == '{' || line[end] == ' ')
                && Arrays.equals(line, from, end, name, 0, name.length);
    }

    static boolean hasLabel(byte[] line, int from, int to, byte[] label) {
        for (int i = from; i <= to - label.length; i++) {
            if (Arrays.equals(line, i, i + label.length, label, 0, label.length)) {
                return true;
            }
        }
        return false;
    }

    private static Family family(String name, Field field) {
        return new Family(name, field);
    }

    private static Family kvBlocks(String type, Field field) {
        return family("kv_cache_block_metrics", "kv_cache_block_type=\"" + type + "\"", field);
    }

    private static Family family(String name, String label, Field field) {
        return new Family(name, field, label);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
