package io.weir.bench.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.bench.score.Fleet.Replacement;
import io.weir.simulator.engine.EngineProfile;
import io.weir.simulator.engine.StepLatency;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/** What has to hold for the scorecard's numbers to mean anything. */
class ValidityTest {

    private static final Workload AZURE =
            workload("azure", EngineProfile.LLAMA_8B_H100, 22, 15, Traffic::azure);

    static Stream<Policy> everyPolicy() {
        return Stream.concat(Policies.all().stream(), Policies.ablations().stream().skip(1));
    }

    @Test
    void aServerThatDoesOneThingAtATimeWaitsAsTheoryHasIt() {
        // Given: a step of 10 ms for every prompt, one prompt at a time, and nothing by chance.
        StepLatency latency = new StepLatency(0, 0, 9e6, 0, 0, 1e4, 0, 0, 0);
        EngineProfile profile =
                EngineProfile.LLAMA_8B_H100.withLatency(latency).withMaxSequences(1);
        Workload queue =
                new Workload(
                        "queue",
                        "queue",
                        Fleet.equal(profile, 1),
                        List.of(),
                        Slo.PATIENT,
                        50,
                        20,
                        3000,
                        ValidityTest::alike);

        // When
        Outcome outcome = outcome(queue, policy(Policies.ROUND_ROBIN), 11);

        // Then: the mean wait of an M/D/1 queue is ρs / (2 (1 − ρ)).
        double service = 10;
        double load = 0.5;
        double wait = load * service / (2 * (1 - load));
        assertThat(outcome.requests()).isGreaterThan(100_000);
        assertThat(outcome.ttftMean() - service).isCloseTo(wait, within(0.03 * wait));
    }

    @Test
    void itDoesNotMatterWhichOfTheServersIsTheSlowOne() {
        for (String name : List.of(Policies.ROUND_ROBIN, Policies.REFERENCE, Policies.WEIR)) {
            double first = meanFirstTokenWithSlow(0, policy(name));
            double last = meanFirstTokenWithSlow(3, policy(name));
            assertThat(first).as(name).isCloseTo(last, within(0.1 * last));
        }
    }

    @Test
    void atHalfTheLoadAllThatKnowTheLoadAreAlike() {
        // Given
        double roundRobin = outcome(AZURE, policy(Policies.ROUND_ROBIN), 2).ttftMean();

        // Then: nothing is shared and nobody waits, so there is nothing to win.
        for (String name :
                List.of("power-of-two", "least-in-flight", "affinity-token-load", Policies.WEIR)) {
            Outcome outcome = outcome(AZURE, policy(name), 2);
            assertThat(outcome.attainment()).as(name).isGreaterThan(0.999);
            assertThat(outcome.ttftMean()).as(name).isBetween(0.7 * roundRobin, 1.15 * roundRobin);
        }
    }

    @ParameterizedTest
    @MethodSource("everyPolicy")
    void nothingIsInFlightWhenAllIsAnsweredWhateverBecameOfTheServers(Policy policy) {
        // Given
        Workload chats =
                workload("chats", EngineProfile.LLAMA_8B_H100, 3, 12, Traffic::chats)
                        .withFleet(
                                Fleet.equal(EngineProfile.LLAMA_8B_H100, 4)
                                        .withReplacements(List.of(new Replacement(1, 0.3, 0.5)))
                                        .withGateways(2));
        Run run = new Run(chats, policy, chats.rate(), 5, Long.MAX_VALUE);

        // When
        Outcome outcome = run.run();

        // Then
        assertThat(outcome.refused()).isZero();
        assertThat(outcome.requests()).isGreaterThan(30);
        run.drain();
        assertThat(run.endpoints())
                .allSatisfy(endpoint -> {
                    assertThat(endpoint.inFlightRequests()).isZero();
                    assertThat(endpoint.inFlightTokens()).isZero();
                });
    }

    @Test
    void theSameSeedsGiveTheSameFileByteForByte(@TempDir Path folder)
            throws IOException, InterruptedException {
        // Given
        Study study =
                new Study(
                        Study.RATES,
                        List.of(AZURE, AZURE.withName("azure again")),
                        List.of(policy(Policies.REFERENCE), policy(Policies.WEIR)),
                        List.of(1L, 2L),
                        _ -> false);

        // When
        Path one = folder.resolve("one.tsv");
        Path other = folder.resolve("other.tsv");
        ResultFile.write(one, new Scorecard(study, 2, _ -> {}).run(List.of()).all());
        ResultFile.write(other, new Scorecard(study, 1, _ -> {}).run(List.of()).all());

        // Then
        assertThat(Files.readAllLines(one)).hasSize(9);
        assertThat(other).hasSameBinaryContentAs(one);
    }

    @Test
    void everyVariationOfAServerChangesWhatItDoes() {
        // When
        List<Workload> varied = Sensitivity.varied(List.of(AZURE));
        List<Double> times = new ArrayList<>();
        varied.forEach(
                workload -> times.add(outcome(workload, policy(Policies.WEIR), 3).tpotMean()));

        // Then
        double base = outcome(AZURE, policy(Policies.WEIR), 3).tpotMean();
        assertThat(varied).hasSize(8).extracting(Workload::name).doesNotHaveDuplicates();
        for (int i = 0; i < times.size(); i += 2) {
            assertThat(times.get(i)).as(varied.get(i).name()).isLessThan(base);
            assertThat(times.get(i + 1)).as(varied.get(i + 1).name()).isGreaterThan(base);
        }
    }

    private static double meanFirstTokenWithSlow(int number, Policy policy) {
        List<Double> slowness = new ArrayList<>(Collections.nCopies(4, 1.0));
        slowness.set(number, 3.0);
        Workload slow = AZURE.withFleet(AZURE.fleet().withSlowness(slowness));
        double sum = 0;
        for (long seed = 1; seed <= 4; seed++) {
            sum += new Run(slow, policy, 20, seed, Long.MAX_VALUE).run().ttftMean();
        }
        return sum / 4;
    }

    private static Sessions alike(long seed) {
        Draw draw = new Draw(seed, 1);
        double[] at = {0};
        return () -> {
            at[0] += draw.gap();
            Work work = Work.of(List.of(new Segment(draw.content(), 100)), new Segment(1, 1));
            return new Session(at[0], List.of(work));
        };
    }

    private static Workload workload(
            String name,
            EngineProfile profile,
            double rate,
            double seconds,
            LongFunction<Sessions> source) {
        return new Workload(
                name,
                name,
                Fleet.equal(profile, 4),
                List.of(),
                Slo.INTERACTIVE,
                rate,
                3,
                seconds,
                source);
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
