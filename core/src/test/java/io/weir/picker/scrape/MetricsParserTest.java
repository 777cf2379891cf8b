package io.weir.picker.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.picker.plugin.DataPlugin.CacheMetrics;
import io.weir.picker.plugin.DataPlugin.EngineMetrics;
import io.weir.picker.plugin.DataPlugin.MetricSpec;
import io.weir.picker.state.Adapters;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

class MetricsParserTest {

    private static final String ADAPTERS =
            """
            vllm:lora_requests_info{max_lora="4",running_lora_adapters="old",waiting_lora_adapters=""} 1.7e9
            vllm:lora_requests_info{max_lora="4",running_lora_adapters="food-review-1, ski",waiting_lora_adapters="x"} 1.7000005e9
            vllm:lora_requests_info{max_lora="4",running_lora_adapters="",waiting_lora_adapters=""} 1.7000002e9
            """;

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"vllm", "my-own-engine"})
    void aPageOfVllmIsRead(@Nullable String engine) {
        // When
        MetricsParser page = parse(engine, MetricPages.vllm(7, 31, 0.4375, ADAPTERS));

        // Then
        assertThat(page.waitingRequests()).isEqualTo(7);
        assertThat(page.runningRequests()).isEqualTo(31);
        assertThat(page.kvCacheUsage()).isEqualTo(0.4375);
        assertThat(page.blockTokens()).isEqualTo(16);
        assertThat(page.blocks()).isEqualTo(25_813);
        assertThat(page.adapters())
                .isEqualTo(new Adapters(Set.of("food-review-1", "ski"), Set.of("x"), 4));
    }

    @Test
    void aPageOfSglangIsRead() {
        MetricsParser page = parse("sglang", MetricPages.sglang());
        assertThat(page.waitingRequests()).isEqualTo(3);
        assertThat(page.runningRequests()).isEqualTo(16);
        assertThat(page.kvCacheUsage()).isCloseTo(0.28, within(1e-12));
        assertThat(page.blockTokens() * page.blocks()).isEqualTo(64 * 7000);
        assertThat(page.adapters()).isEqualTo(Adapters.NONE);
    }

    @Test
    void aPageOfTensorRtServeIsRead() {
        MetricsParser page = parse("trtllm-serve", MetricPages.tensorRtServe());
        assertThat(page.waitingRequests()).isEqualTo(4);
        assertThat(page.runningRequests()).isEqualTo(9);
        assertThat(page.kvCacheUsage()).isEqualTo(0.5);
        assertThat(page.blockTokens() * page.blocks()).isEqualTo(32_000);
    }

    @Test
    void aPageOfTritonIsRead() {
        MetricsParser page = parse("triton-tensorrt-llm", MetricPages.triton());
        assertThat(page.waitingRequests()).isEqualTo(2);
        assertThat(page.runningRequests()).isEqualTo(8);
        assertThat(page.kvCacheUsage()).isEqualTo(0.25);
        assertThat(page.blockTokens()).isEqualTo(64);
        assertThat(page.blocks()).isEqualTo(6239);
    }

    @Test
    void theSizeOfTheCacheIsReadWhereTheConfigurationSaysItIs() {
        // Given
        var labels =
                new CacheMetrics(
                        new MetricSpec("mine_cache", Map.of()), "page", "pages", null, null);
        var values =
                new CacheMetrics(
                        null,
                        "",
                        "",
                        new MetricSpec("mine_page", Map.of()),
                        new MetricSpec("mine_pages", Map.of("kind", "gpu")));
        String page =
                """
                mine_cache{page="32",pages="1000",block_size="7"} 1
                mine_page 48
                mine_pages{kind="cpu"} 9
                mine_pages{kind="gpu"} 2000
                """;

        // Then
        assertThat(sizes(labels, page)).isEqualTo("32 x 1000");
        assertThat(sizes(values, page)).isEqualTo("48 x 2000");
    }

    private static String sizes(CacheMetrics cache, String text) {
        var engine = new EngineMetrics(null, null, null, null, cache);
        var parser = new MetricsParser(MetricNames.forEngine("mine", Map.of("mine", engine)));
        parser.begin();
        parser.accept(bytes(text), 0, text.length());
        parser.end();
        return parser.blockTokens() + " x " + parser.blocks();
    }

    @Test
    void theLabelOfThePodSaysWhichNamesCount() {
        assertThat(parse("vllm", MetricPages.sglang()).waitingRequests()).isEqualTo(-1);
    }

    @Test
    void aPageIsReadTheSameHoweverItArrives() {
        byte[] page = bytes(MetricPages.vllm(7, 31, 0.4375, ADAPTERS));
        MetricsParser parser = new MetricsParser(MetricNames.forEngine(null));
        SplittableRandom random = new SplittableRandom(8);
        for (int round = 0; round < 100; round++) {
            // When
            parser.begin();
            for (int from = 0; from < page.length; ) {
                int to = Math.min(page.length, from + 1 + random.nextInt(1 + round * round));
                parser.accept(page, from, to);
                from = to;
            }
            parser.end();

            // Then
            assertThat(parser.waitingRequests()).as("round %d", round).isEqualTo(7);
            assertThat(parser.runningRequests()).isEqualTo(31);
            assertThat(parser.kvCacheUsage()).isEqualTo(0.4375);
            assertThat(parser.blocks()).isEqualTo(25_813);
            assertThat(parser.adapters().max()).isEqualTo(4);
        }
    }

    @Test
    void seriesOfSeveralEnginesAreAddedUpAndCachesAveraged() {
        MetricsParser page =
                parse(
                        null,
                        """
                        vllm:num_requests_waiting{engine="0"} 1
                        vllm:num_requests_waiting{engine="1"} 2
                        vllm:kv_cache_usage_perc{engine="0"} 0.2
                        vllm:kv_cache_usage_perc{engine="1"} 0.4
                        vllm:cache_config_info{block_size="16",engine="0",num_gpu_blocks="100"} 1
                        vllm:cache_config_info{block_size="16",engine="1",num_gpu_blocks="100"} 1
                        """);
        assertThat(page.waitingRequests()).isEqualTo(3);
        assertThat(page.kvCacheUsage()).isCloseTo(0.3, within(1e-12));
        assertThat(page.blocks()).isEqualTo(200);
    }

    @Test
    void theOldNameOfTheCacheCountsWhereTheNewOneIsMissing() {
        String old = "vllm:gpu_cache_usage_perc 0.7\n";
        assertThat(parse(null, old).kvCacheUsage()).isEqualTo(0.7);
        assertThat(parse(null, old + "vllm:kv_cache_usage_perc 0.1").kvCacheUsage()).isEqualTo(0.1);
    }

    @Test
    void whatIsNotToldIsUnknown() {
        MetricsParser page = parse(null, "up 1\n");
        assertThat(page.waitingRequests()).isEqualTo(-1);
        assertThat(page.runningRequests()).isEqualTo(-1);
        assertThat(page.kvCacheUsage()).isNaN();
        assertThat(page.blocks()).isZero();
        assertThat(page.adapters()).isEqualTo(Adapters.NONE);
    }

    @Test
    void oddLinesDoNoHarm() {
        MetricsParser page =
                parse(
                        null,
                        """
                        vllm:num_requests_waiting
                        vllm:num_requests_waiting{
                        vllm:num_requests_waiting{a="b
                        vllm:num_requests_waiting{a="} 9"} 2
                        vllm:num_requests_waiting{a="\\"}"} 3 1700000000000
                        vllm:num_requests_waiting NaN
                        vllm:
                        v

                        {}
                        vllm:num_requests_waiting_total 50
                        vllm:lora_requests_info{max_lora="many"} 1
                        """
                                + "x".repeat(100_000)
                                + "\nvllm:num_requests_waiting 1");
        assertThat(page.waitingRequests()).isEqualTo(6);
        assertThat(page.adapters().max()).isZero();
    }

    @Test
    void adaptersAreTheSameObjectAsLongAsNothingChanges() {
        // Given
        MetricsParser parser = new MetricsParser(MetricNames.forEngine("vllm"));
        read(parser, ADAPTERS);
        Adapters before = parser.adapters();

        // Then
        read(parser, ADAPTERS);
        assertThat(parser.adapters()).isSameAs(before);
        read(parser, "");
        assertThat(parser.adapters()).isEqualTo(Adapters.NONE);
    }

    private static MetricsParser parse(@Nullable String engine, String page) {
        MetricsParser parser = new MetricsParser(MetricNames.forEngine(engine));
        read(parser, page);
        return parser;
    }

    private static void read(MetricsParser parser, String page) {
        byte[] bytes = bytes(page);
        parser.begin();
        parser.accept(bytes, 0, bytes.length);
        parser.end();
    }

    private static byte[] bytes(String page) {
        return page.getBytes(StandardCharsets.UTF_8);
    }
}
