package io.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.simulator.engine.Runs.Heard;

import org.junit.jupiter.api.Test;

import java.util.Map;

class AdapterSlotsTest {

    private static Heard submit(Runs runs, String adapter, int outputTokens) {
        return runs.submit(runs.request(16, outputTokens, adapter.hashCode(), adapter));
    }

    @Test
    void firstUseOfAnAdapterWaitsForItsLoading() {
        Runs runs = new Runs(Runs.quiet());
        Heard first = submit(runs, "a", 1);
        runs.time.run();
        Heard second = submit(runs, "a", 1);
        runs.time.run();
        double step = (6.702 + 0.0208 * 16) * 1.03;
        assertThat(first.firstMillis()).isCloseTo(14 + 80 + step, within(1e-4));
        assertThat(second.firstMillis()).isCloseTo(14 + step, within(1e-4));
        assertThat(runs.engine.counters().adapterLoads()).isEqualTo(1);
    }

    @Test
    void othersGoOnWhileAnAdapterLoads() {
        Runs runs = new Runs(Runs.quiet());
        Heard loading = submit(runs, "a", 1);
        Heard base = runs.submit(16, 1, 1);
        runs.time.run();
        assertThat(base.firstMillis()).isLessThan(25);
        assertThat(loading.firstMillis()).isGreaterThan(94);
    }

    @Test
    void anAdapterWaitsForTheOneInTheOnlySlot() {
        Runs runs = new Runs(Runs.quiet(), 1, 1);
        Heard first = submit(runs, "a", 20);
        Heard second = submit(runs, "b", 1);
        runs.time.runUntil(150_000_000);
        assertThat(runs.engine.runningByAdapter()).isEqualTo(Map.of("a", 1));
        assertThat(runs.engine.waitingByAdapter()).isEqualTo(Map.of("b", 1));
        runs.time.run();
        assertThat(second.task().admittedNanos())
                .isEqualTo(first.task().lastTokenNanos() + 80_000_000);
        assertThat(runs.engine.residentAdapters()).containsExactly("b");
    }

    @Test
    void leastRecentlyUsedIdleAdapterMakesRoom() {
        Runs runs = new Runs(Runs.quiet(), 2, 1);
        for (String adapter : new String[] {"a", "b", "a", "c"}) {
            submit(runs, adapter, 1);
            runs.time.run();
        }
        assertThat(runs.engine.residentAdapters()).containsExactly("a", "c");
        assertThat(runs.engine.counters().adapterLoads()).isEqualTo(3);
    }

    @Test
    void forgettingIsARestart() {
        Runs runs = new Runs(Runs.quiet());
        submit(runs, "a", 1);
        runs.submit(160, 1, 9);
        runs.time.run();
        runs.engine.forget();
        assertThat(runs.engine.residentAdapters()).isEmpty();
        Heard again = runs.submit(160, 1, 9);
        runs.time.run();
        assertThat(again.task().cachedTokens()).isZero();
    }
}
