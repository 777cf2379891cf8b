package io.weir.bench.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class TrafficTest {

    static Stream<Workload> everyWorkload() {
        return Workloads.all(null).stream();
    }

    @ParameterizedTest
    @MethodSource("everyWorkload")
    void sessionsComeInOrderOneToAUnitOfTimeAndEachSeedHasItsOwn(Workload workload) {
        // When
        List<Session> sessions = sessions(workload, 1, 6000);

        // Then
        assertThat(sessions).extracting(Session::at).isSorted();
        assertThat(sessions.getLast().at() / sessions.size()).isCloseTo(1, within(0.08));
        assertThat(sessions(workload, 1, 50)).isEqualTo(sessions.subList(0, 50));
        assertThat(sessions(workload, 2, 50)).isNotEqualTo(sessions.subList(0, 50));
    }

    @Test
    void lengthsOfAzuresConversationsAreThoseOfTheTrace() {
        // When
        List<Work> work =
                sessions(workload("azure"), 1, 20_000).stream()
                        .map(session -> session.turns().getFirst())
                        .toList();

        // Then: the trace has means of 1155 and 211, and medians of 1020 and 129.
        assertThat(work.stream().mapToInt(Work::promptTokens).average().orElse(0))
                .isCloseTo(1155, within(120.0));
        assertThat(work.stream().mapToInt(w -> w.answer().tokens()).average().orElse(0))
                .isCloseTo(211, within(25.0));
    }

    @Test
    void aThousandRequestsOfABurstComeAtOnce() {
        // When
        List<Session> sessions = sessions(workload("bursts"), 1, 3000);

        // Then
        double burst = sessions.getLast().at();
        assertThat(sessions).filteredOn(session -> session.at() == burst).hasSize(1001);
    }

    private static List<Session> sessions(Workload workload, long seed, int count) {
        Sessions source = workload.source().apply(seed);
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sessions.add(source.next());
        }
        return sessions;
    }

    private static Workload workload(String name) {
        return Workloads.all(null).stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
