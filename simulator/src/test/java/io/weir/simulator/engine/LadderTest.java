package io.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.simulator.engine.Ladder.Stage;

import org.junit.jupiter.api.Test;

/**
 * A published ladder of eight servers: round robin collapses between 15 and 20 requests/s, routing
 * by prefix does not. Output tokens/s are those that llm-d's guide shows.
 */
class LadderTest {

    @Test
    void roundRobinCollapsesWhereItDidInReality() {
        Ladder ladder = new Ladder(false, 1);
        ladder.run(15, 50);
        Stage below = ladder.run(15, 20);
        Stage above = ladder.run(20, 38);
        System.out.println(below + " " + above);
        assertThat(below.outputTokensPerSecond()).isCloseTo(5381, within(0.25 * 5381));
        assertThat(below.meanFirstTokenSeconds()).isLessThan(1.5);
        assertThat(above.outputTokensPerSecond()).isCloseTo(6205, within(0.25 * 6205));
        assertThat(above.meanFirstTokenSeconds()).isGreaterThan(10);
    }

    @Test
    void routingByPrefixKeepsItsPace() {
        Ladder ladder = new Ladder(true, 1);
        ladder.run(15, 50);
        Stage twenty = ladder.run(20, 38);
        Stage forty = ladder.run(40, 38);
        System.out.println(twenty + " " + forty);
        assertThat(twenty.outputTokensPerSecond()).isCloseTo(11_224, within(0.15 * 11_224));
        assertThat(twenty.meanFirstTokenSeconds()).isLessThan(1);
        assertThat(forty.outputTokensPerSecond()).isCloseTo(15_593, within(0.15 * 15_593));
        assertThat(forty.meanFirstTokenSeconds()).isLessThan(1);
    }
}
