package io.weir.picker.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.RequestDetails;
import io.weir.picker.plugin.Chosen;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Profile;
import io.weir.picker.state.EndpointState;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plugins that judge by labels, headers, own metrics and earlier choices. */
class LabelScorerTest {

    private static final String LENGTH = "llm-d.ai/context-length-range";

    private final PluginTesting testing = new PluginTesting();

    private static PickRequest request(long tokens, Map<String, String> headers) {
        return PickRequest.forModel("llama")
                .prompt(List.of(), tokens)
                .details(new RequestDetails("id", 0, 0, false, headers::get, List.of()))
                .build();
    }

    private EndpointState add(Map<String, String> labels) {
        EndpointState state = testing.add();
        Endpoint plain = state.endpoint();
        state.endpoint(
                new Endpoint(plain.name(), plain.podName(), plain.address(), plain.port(), labels));
        return state;
    }

    @Nested
    class ContextLength {

        private final ContextLengthAware filter = new ContextLengthAware(LENGTH, true);

        @Test
        @DisplayName("context-length-aware: in range 0.3+0.7*(0.7/(1+width/10000)+0.3*room)")
        void scoresByHowWellTheRangeFits() {
            // Given
            add(Map.of(LENGTH, "0-2000"));
            add(Map.of(LENGTH, "1000-1000"));
            add(Map.of(LENGTH, "2000-4000"));
            add(Map.of(LENGTH, "0-500"));
            add(Map.of());
            testing.request(request(1000, Map.of()));

            // When
            double[] scores = testing.scores(filter);

            // Then
            double inside = 0.3 + 0.7 * (0.7 / 1.2 + 0.3 * 0.5);
            assertThat(scores[0]).isCloseTo(inside, within(1e-9));
            assertThat(scores[1]).isEqualTo(1);
            assertThat(scores[2]).isCloseTo(0.3 / 2, within(1e-9));
            assertThat(scores[3]).isCloseTo(0.3 / 1.5, within(1e-9));
            assertThat(scores[4]).isEqualTo(0.5);
        }

        @Test
        @DisplayName("context-length-aware: an empty body matches 0-100, 0-2000 and no label")
        void keepsRangesThatThePromptIsIn() {
            // Given
            add(Map.of(LENGTH, "0-100"));
            add(Map.of(LENGTH, "0-2000"));
            add(Map.of());
            add(Map.of(LENGTH, "100-200"));
            testing.request(request(0, Map.of()));

            // Then
            assertThat(testing.kept(filter)).containsExactly(0, 1, 2);
            assertThat(testing.kept(new ContextLengthAware(LENGTH, false))).hasSize(4);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "0-100-200", "100-50", "abc-100", "-", "5-", "-5"})
        @DisplayName("context-length-aware: a bad label scores 0 and is dropped")
        void badLabelsAreDropped(String label) {
            // Given
            add(Map.of(LENGTH, label));
            testing.request(request(60, Map.of()));

            // Then
            assertThat(testing.scores(filter)).containsExactly(0);
            assertThat(testing.kept(filter)).isEmpty();
        }
    }

    @Nested
    class Roles {

        @ParameterizedTest
        @CsvSource({
            "decode, true, false, false",
            "prefill, false, true, false",
            "encode, false, false, true",
            "prefill-decode, true, true, false",
            "both, true, true, false",
            "encode-prefill, false, true, true",
            "encode-prefill-decode, true, true, true",
            ", true, false, false",
            "other, false, false, false"
        })
        @DisplayName("decode-, prefill- and encode-filter by llm-d.ai/role")
        void areThoseOfTheRouter(String role, boolean decode, boolean prefill, boolean encode) {
            // Given
            add(role == null ? Map.of() : Map.of("llm-d.ai/role", role));

            // Then
            assertThat(testing.kept(RoleFilter.DECODE).isEmpty()).isNotEqualTo(decode);
            assertThat(testing.kept(RoleFilter.PREFILL).isEmpty()).isNotEqualTo(prefill);
            assertThat(testing.kept(RoleFilter.ENCODE).isEmpty()).isNotEqualTo(encode);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "app=llama | true",
                    "app==llama,tier!=gold | true",
                    "tier in (gold, silver) | false",
                    "tier notin (gold),app in (llama,qwen) | true",
                    "app | true",
                    "!app | false"
                })
        void selectorsOfTheCommandLineAreUnderstood(String selector, boolean matches) {
            assertThat(LabelMatch.parse("f", selector).matches(Map.of("app", "llama")))
                    .isEqualTo(matches);
        }
    }

    @Nested
    class HeaderLabel {

        @Test
        void scoresTheLabelWithTheHeadersValue() {
            // Given
            add(Map.of("slice", "a"));
            add(Map.of("slice", "b"));
            add(Map.of());
            var scorer = new HeaderLabelScorer("x-slice", "slice");

            // Then
            testing.request(request(1, Map.of("x-slice", "b")));
            assertThat(testing.scores(scorer)).containsExactly(0, 1, 0);
            testing.request(request(1, Map.of()));
            assertThat(testing.scores(scorer)).containsExactly(0, 0, 0);
        }
    }

    @Nested
    class Attributes {

        private void values(double... values) {
            for (double value : values) {
                EndpointState state = testing.add();
                if (!Double.isNaN(value)) {
                    state.attributes(Map.of("depth", value));
                }
            }
        }

        @Test
        @DisplayName("endpoint-attribute-scorer: linear in the candidates' range, missing 0")
        void scoreByThePlaceAmongTheCandidates() {
            // Given
            values(10, 0, 5, Double.NaN);

            // Then
            assertThat(testing.scores(scorer(true))).containsExactly(0, 1, 0.5, 0);
            assertThat(testing.scores(scorer(false))).containsExactly(1, 0, 0.5, 0);
        }

        @Test
        @DisplayName("endpoint-attribute-scorer: all equal 1, fixed range clamps")
        void scoreOneWhereAllAreEqualAndClampToAFixedRange() {
            // Given
            values(3, 3);

            // Then
            assertThat(testing.scores(scorer(true))).containsExactly(1, 1);
            assertThat(testing.scores(new AttributeScorer("depth", true, 0, 12)))
                    .containsExactly(0.75, 0.75);
            assertThat(testing.scores(new AttributeScorer("depth", false, 0, 2)))
                    .containsExactly(1, 1);
        }

        private static AttributeScorer scorer(boolean lowerIsBetter) {
            return new AttributeScorer("depth", lowerIsBetter, Double.NaN, Double.NaN);
        }

        private static AttributeFilter filter(boolean missing, AttributeFilter.Rule rule) {
            return new AttributeFilter("depth", missing, false, rule);
        }

        @ParameterizedTest
        @CsvSource({
            "LESS_THAN, 0",
            "LESS_THAN_OR_EQUAL, 01",
            "GREATER_THAN, 2",
            "GREATER_THAN_OR_EQUAL, 12",
            "EQUAL, 1",
            "NOT_EQUAL, 02"
        })
        void areComparedWithAThreshold(AttributeFilter.Comparison comparison, String kept) {
            // Given
            values(1, 2, 3, Double.NaN);
            var rule = new AttributeFilter.Rule.Threshold(comparison, 2);
            List<Integer> expected = kept.chars().mapToObj(c -> c - '0').toList();

            // Then
            assertThat(testing.kept(filter(false, rule))).isEqualTo(expected);
            assertThat(testing.kept(filter(true, rule))).hasSize(expected.size() + 1).contains(3);
        }

        @Test
        void staysInARangeAmongTheBestAndFromAPercentileOn() {
            // Given
            values(-4, 8, 2, Double.NaN, 8, 5);

            // Then
            assertThat(testing.kept(filter(false, new AttributeFilter.Rule.Range(2, 5))))
                    .containsExactly(2, 5);
            assertThat(testing.kept(filter(false, new AttributeFilter.Rule.Top(1, true))))
                    .containsExactly(1);
            assertThat(testing.kept(filter(false, new AttributeFilter.Rule.Top(3, true))))
                    .containsExactly(1, 4, 5);
            assertThat(testing.kept(filter(false, new AttributeFilter.Rule.Top(2, false))))
                    .containsExactly(0, 2);
            assertThat(testing.kept(filter(false, new AttributeFilter.Rule.Top(9, false))))
                    .containsExactly(0, 1, 2, 4, 5);
            assertThat(testing.kept(filter(false, new AttributeFilter.Rule.Percentile(40, false))))
                    .containsExactly(0, 2);
            assertThat(testing.kept(filter(true, new AttributeFilter.Rule.Percentile(80, true))))
                    .containsExactly(1, 3, 4);
        }

        @Test
        void fallBackToAllOnlyIfTold() {
            // Given
            values(1, 2);
            var rule = new AttributeFilter.Rule.Threshold(AttributeFilter.Comparison.LESS_THAN, 0);

            // Then
            assertThat(testing.kept(filter(false, rule))).isEmpty();
            assertThat(testing.kept(new AttributeFilter("depth", false, true, rule)))
                    .containsExactly(0, 1);
        }
    }

    @Nested
    class NearThePeer {

        private final Map<String, String> home =
                Map.of(
                        "kubernetes.io/hostname", "h1",
                        "topology.kubernetes.io/rack", "r1",
                        "topology.kubernetes.io/zone", "z1",
                        "topology.kubernetes.io/region", "e1");

        private void add(String key, String value) {
            var labels = new HashMap<>(home);
            for (String nearer :
                    List.of(
                            "kubernetes.io/hostname",
                            "topology.kubernetes.io/rack",
                            "topology.kubernetes.io/zone",
                            "topology.kubernetes.io/region")) {
                if (nearer.equals(key)) {
                    break;
                }
                labels.put(nearer, "other");
            }
            labels.put(key, value);
            LabelScorerTest.this.add(labels);
        }

        private PickContext context() {
            add("kubernetes.io/hostname", "h1");
            add("kubernetes.io/hostname", "h1");
            add("topology.kubernetes.io/rack", "r1");
            add("topology.kubernetes.io/zone", "z1");
            add("topology.kubernetes.io/region", "e1");
            LabelScorerTest.this.add(Map.of());
            PickContext context = testing.begin();
            context.choose(0, 0);
            return context;
        }

        @Test
        @DisplayName("topology-affinity-scorer: host 1, rack 0.2, zone 0.05, region 0.02, none 0")
        void scoresByTheNearestThatTheyShare() {
            // Given
            double[] scores = new double[6];

            // When
            new TopologyAffinityScorer().score(context(), scores);

            // Then
            assertThat(scores).containsExactly(1, 1, 0.2, 0.05, 0.02, 0);
        }

        @Test
        void keepsThoseThatAreNearEnoughOrAll() {
            // Given
            PickContext context = context();

            // When
            context.apply(new TopologyAffinityFilter(Topology.RACK));

            // Then
            assertThat(context.size()).isEqualTo(3);
            assertThat(testing.kept(new TopologyAffinityFilter(Topology.HOST))).hasSize(6);
        }
    }

    @Nested
    class Media {

        private final MediaCache scorer = new MediaCache(64);

        private PickRequest media(String... urls) {
            List<ByteBuffer> items =
                    List.of(urls).stream()
                            .map(url -> ByteBuffer.wrap(url.getBytes(StandardCharsets.UTF_8)))
                            .toList();
            return PickRequest.forModel("llama")
                    .details(
                            new RequestDetails(
                                    "", 0, 0, false, Map.<String, String>of()::get, items))
                    .build();
        }

        @Test
        @DisplayName("mm-embeddings-cache-scorer: matched weight / total weight, each item once")
        void scoresByTheShareOfItemsThatAServerHasRead() {
            // Given
            EndpointState first = testing.add();
            testing.add();
            testing.request(media("a", "b"));
            scorer.picked(testing.begin(), chosen(first), _ -> {});

            // Then
            testing.request(media("a", "c", "a", "b", "d"));
            assertThat(testing.scores(scorer)).containsExactly(0.5, 0);
            testing.request(media());
            assertThat(testing.scores(scorer)).containsExactly(0, 0);
        }
    }

    @Nested
    class Cold {

        private final NoHitLruScorer scorer = new NoHitLruScorer(1024);

        private void use(EndpointState endpoint) {
            scorer.picked(testing.begin(), chosen(endpoint), _ -> {});
        }

        @Test
        @DisplayName("no-hit-lru-scorer: a sole endpoint scores 1")
        void aSoleServerScoresOne() {
            // Given
            testing.add();

            // Then
            assertThat(testing.scores(scorer)).containsExactly(1);
        }

        @Test
        @DisplayName("no-hit-lru-scorer: never used 1-i/(n-1), used by age behind them")
        void theOneUsedLongestAgoIsBest() {
            // Given
            for (int i = 0; i < 5; i++) {
                testing.add();
            }
            assertThat(testing.scores(scorer)).containsExactly(1, 0.75, 0.5, 0.25, 0);

            // When
            use(testing.endpoints.get(3));
            use(testing.endpoints.get(0));

            // Then
            assertThat(testing.scores(scorer)).containsExactly(0, 1, 0.75, 0.25, 0.5);
        }

        @Test
        @DisplayName("no-hit-lru-scorer: any match makes all 0.5")
        void aKnownPromptMakesNoDifference() {
            // Given
            byte[] prompt = new byte[400];
            testing.add();
            testing.add();
            testing.send(1, prompt);
            testing.request(PluginTesting.request("llama", 0, prompt, 100));

            // Then
            assertThat(testing.scores(scorer)).containsExactly(0.5, 0.5);
        }
    }

    private static Chosen chosen(EndpointState endpoint) {
        Profile profile = DefaultProfile.create();
        return new Chosen(List.of(profile), 0, new EndpointState[] {endpoint});
    }
}
