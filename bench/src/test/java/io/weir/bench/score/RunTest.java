package io.weir.bench.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.bench.score.Fleet.Replacement;
import io.weir.simulator.engine.EngineProfile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

class RunTest {

    private static final Workload SHORT =
            new Workload(
                    "short",
                    "short",
                    Fleet.equal(EngineProfile.LLAMA_8B_H100, 4),
                    List.of(),
                    Slo.INTERACTIVE,
                    40,
                    2,
                    6,
                    Traffic::shareGpt);

    private static final Workload SHARED =
            new Workload(
                    "shared",
                    "shared",
                    Fleet.equal(EngineProfile.QWEN_32B_H100, 4),
                    List.of(),
                    Slo.PATIENT,
                    6,
                    10,
                    10,
                    seed -> Traffic.sharedPrefix(seed, 20, 3000, 100, 50));

    static Stream<Policy> everyPolicy() {
        return Policies.all().stream();
    }

    @ParameterizedTest
    @MethodSource("everyPolicy")
    void everyRequestIsAnsweredAndTheSameSeedGivesTheSameOutcome(Policy policy) {
        // When
        Outcome one = outcome(SHORT, policy, 7);
        Outcome same = outcome(SHORT, policy, 7);
        Outcome other = outcome(SHORT, policy, 8);

        // Then
        assertThat(one.requests()).isGreaterThan(150);
        assertThat(one.refused()).isZero();
        assertThat(one.attainment()).isGreaterThan(0.9);
        assertThat(same).isEqualTo(one);
        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void allPoliciesSeeTheSameRequests() {
        assertThat(Policies.all().stream().map(policy -> outcome(SHORT, policy, 3).requests()))
                .containsOnly(outcome(SHORT, Policies.all().getFirst(), 3).requests());
    }

    @Test
    void whoKnowsPrefixesFindsThemInTheCachesAndRoundRobinDoesLessOften() {
        // When
        Outcome roundRobin = outcome(SHARED, policy(Policies.ROUND_ROBIN), 1);
        Outcome weir = outcome(SHARED, policy(Policies.WEIR), 1);

        // Then
        assertThat(weir.prefixHits()).isGreaterThan(roundRobin.prefixHits());
        assertThat(weir.prefixHits()).isGreaterThan(0.6);
    }

    @Test
    void noRequestIsLostWhenAServerIsReplaced() {
        // Given
        Workload replaced =
                SHORT.withFleet(
                        SHORT.fleet().withReplacements(List.of(new Replacement(1, 0.4, 0.6))));

        // When
        Outcome outcome = outcome(replaced, policy(Policies.WEIR), 1);

        // Then
        assertThat(outcome.refused()).isZero();
        assertThat(outcome.attainment()).isGreaterThan(0.9);
    }

    @Test
    void aThousandRequestsAtOnceAreSpreadEvenlyOverTenEqualServers() {
        // Given
        Workload burst =
                new Workload(
                        "burst",
                        "burst",
                        Fleet.equal(EngineProfile.LLAMA_8B_H100, 10),
                        List.of(),
                        Slo.PATIENT,
                        1,
                        1,
                        1,
                        RunTest::atOnce);

        // Then
        assertThat(outcome(burst, policy(Policies.WEIR), 1).burstImbalance()).isBetween(1.0, 1.1);
    }

    /** A thousand requests of the same size, and no more for a long time. */
    private static Sessions atOnce(long seed) {
        int[] place = {0};
        return () -> {
            List<Segment> prompt = List.of(new Segment(seed * 10_000 + place[0], 200));
            Work work = Work.of(prompt, new Segment(1, 100));
            return new Session(place[0]++ < 1000 ? 1.5 : 1e6, List.of(work));
        };
    }

    @Test
    void atHalfTheLoadNoSensiblePolicyIsWorseThanAnotherWhereNothingIsShared() {
        // Given
        List<String> sensible =
                List.of(
                        Policies.ROUND_ROBIN,
                        "least-in-flight",
                        "affinity-token-load",
                        Policies.WEIR);

        // Then
        double mean = outcome(SHORT, policy(Policies.ROUND_ROBIN), 5).ttftMean();
        for (String name : sensible) {
            Outcome outcome = outcome(SHORT, policy(name), 5);
            assertThat(outcome.attainment()).as(name).isEqualTo(1);
            assertThat(outcome.ttftMean()).as(name).isCloseTo(mean, within(0.15 * mean));
        }
    }

    @Test
    void aSearchFindsTheRateBeyondWhichLimitsAreMissed() {
        // Given
        Policy policy = policy(Policies.ROUND_ROBIN);

        // When
        double highest = new Search(SHORT, policy).highestRate(1);

        // Then
        assertThat(attainment(policy, highest)).isGreaterThanOrEqualTo(0.99);
        assertThat(attainment(policy, 1.02 * highest)).isLessThan(0.99);
    }

    private static double attainment(Policy policy, double rate) {
        return new Run(SHORT, policy, rate, 1, Long.MAX_VALUE).run().attainment();
    }

    private static Outcome outcome(Workload workload, Policy policy, long seed) {
        return new Run(workload, policy, workload.rate(), seed, Long.MAX_VALUE).run();
    }

    private static Policy policy(String name) {
        return Policies.all().stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
