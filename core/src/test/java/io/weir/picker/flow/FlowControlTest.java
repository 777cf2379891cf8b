package io.weir.picker.flow;

import static io.weir.picker.flow.FlowTesting.EMPTY_TTL;
import static io.weir.picker.flow.FlowTesting.TTL;
import static io.weir.picker.flow.FlowTesting.band;
import static io.weir.picker.flow.FlowTesting.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.picker.plugin.FlowPolicy.Fairness;
import io.weir.picker.plugin.FlowPolicy.Ordering;
import io.weir.picker.plugin.FlowPolicy.UsageLimit;
import io.weir.picker.setup.FlowControlSettings;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

class FlowControlTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Fairness STRICT = new Fairness.GlobalStrict();
    private static final Ordering FIRST_COME = new Ordering.FirstCome();

    @Test
    void letsRequestsGoWhileThePoolIsNotFull() {
        var pool = new FlowTesting(2, FlowTesting.ON);

        var first = pool.enter(0, "a");
        var second = pool.enter(0, "a");
        var third = pool.enter(0, "a");

        assertThat(pool.dispatched).containsExactly(first, second);
        assertThat(third.isWaiting()).isTrue();
        first.finish();
        assertThat(pool.dispatched).containsExactly(first, second, third);
    }

    @Test
    void letsSeveralGoAtOnceWhenSeveralPlacesBecomeFree() {
        var pool = new FlowTesting(0, FlowTesting.ON);
        for (int i = 0; i < 100; i++) {
            pool.enter(0, "a");
        }

        pool.capacity = 60;
        pool.control.eased();

        assertThat(pool.dispatched).hasSize(60);
    }

    @Test
    void passesOnlyWhoOvertakesNobody() {
        var pool = new FlowTesting(1, FlowTesting.ON);

        assertThat(pool.control.mayPass(0, 0.5)).isTrue();
        assertThat(pool.control.mayPass(0, 1)).isFalse();
        pool.enter(0, "a");
        pool.enter(0, "a");
        assertThat(pool.control.mayPass(5, 0)).isFalse();
    }

    @Test
    void higherPrioritiesGoFirst() {
        var pool = new FlowTesting(1, FlowTesting.ON);
        pool.enter(0, "a");
        var low = pool.enter(-3, "a");
        var middle = pool.enter(0, "b");
        var high = pool.enter(7, "a");

        pool.serve(3);

        assertThat(pool.dispatched.subList(1, 4)).containsExactly(high, middle, low);
    }

    @Test
    void globalStrictFairnessIsOneOrderOverAllFlows() {
        var pool = new FlowTesting(1, settings(band(STRICT, FIRST_COME)));
        pool.enter(0, "a");
        var second = pool.enter(0, "a");
        var third = pool.enter(0, "a");
        var fourth = pool.enter(0, "b");

        pool.serve(3);

        assertThat(pool.dispatched.subList(1, 4)).containsExactly(second, third, fourth);
    }

    @Test
    void roundRobinGivesFlowsEqualShares() {
        var pool = new FlowTesting(1, settings(band(new Fairness.RoundRobin(), FIRST_COME)));
        pool.enter(0, "busy");
        for (int i = 0; i < 300; i++) {
            pool.enter(0, "busy");
        }
        for (int i = 0; i < 50; i++) {
            pool.enter(0, "b");
            pool.enter(0, "c");
        }

        pool.serve(150);

        assertThat(pool.dispatched.subList(1, 151).stream())
                .filteredOn(r -> r.fairnessId().equals("busy"))
                .hasSize(50);
    }

    @Test
    void leastServedFlowGoesFirst() {
        var policy =
                new Fairness.ProgramAware(
                        0.8,
                        0.2,
                        Duration.ofMinutes(1),
                        Duration.ofHours(1),
                        Duration.ofMinutes(5));
        var pool = new FlowTesting(1, settings(band(policy, FIRST_COME)));
        pool.enter(0, "a");
        pool.control.served("hungry", 10_000);
        pool.control.served("modest", 100);
        var hungry = pool.enter(0, "hungry");
        var modest = pool.enter(0, "modest");

        pool.serve(2);

        assertThat(pool.dispatched.subList(1, 3)).containsExactly(modest, hungry);
    }

    @Test
    void serviceIsForgottenByHalves() {
        var ledger = new Ledger();
        var policy =
                new Fairness.ProgramAware(
                        0.8,
                        0.2,
                        Duration.ofMinutes(1),
                        Duration.ofHours(1),
                        Duration.ofMinutes(5));
        ledger.configure(settings(band(policy, FIRST_COME)));

        ledger.add("a", 1000, 0);

        assertThat(ledger.service("a", Duration.ofMinutes(1).toNanos()))
                .isCloseTo(500, within(1e-9));
        assertThat(ledger.service("a", Duration.ofMinutes(3).toNanos()))
                .isCloseTo(125, within(1e-9));
        ledger.sweep(Duration.ofHours(2).toNanos());
        assertThat(ledger.service("a", 0)).isZero();
    }

    @Test
    void sloDeadlinesGoBeforeThoseWithoutOne() {
        var pool = new FlowTesting(1, settings(band(STRICT, new Ordering.SloDeadline())));
        pool.enter(0, "a");
        var never = pool.enter(0, "a", 1, Long.MAX_VALUE);
        var late = pool.enter(0, "b", 1, 900);
        var early = pool.enter(0, "c", 1, 300);
        var alsoEarly = pool.enter(0, "c", 1, 300);

        pool.serve(4);

        assertThat(pool.dispatched.subList(1, 5)).containsExactly(early, alsoEarly, late, never);
    }

    @Test
    void refusesMoreThanABandHolds() {
        var band = new FlowControlSettings.Band(0, 2, STRICT, FIRST_COME);
        var pool = new FlowTesting(1, settings(band));
        pool.enter(0, "a");
        pool.enter(0, "a");
        pool.enter(0, "a");

        var tooMuch = pool.enter(0, "a");
        var otherBand = pool.enter(1, "a");

        assertThat(tooMuch.refusal()).isEqualTo(Outcome.REJECTED_CAPACITY);
        assertThat(otherBand.isWaiting()).isTrue();
    }

    @Test
    void refusesMoreBytesThanABandHolds() {
        var pool =
                new FlowTesting(
                        1, settings(new FlowControlSettings.Band(250, 0, STRICT, FIRST_COME)));
        pool.enter(0, "a");
        pool.enter(0, "a");
        pool.enter(0, "a");

        assertThat(pool.enter(0, "a").refusal()).isEqualTo(Outcome.REJECTED_CAPACITY);
        assertThat(pool.enter(0, "a", 50, 0).isWaiting()).isTrue();
    }

    @Test
    void refusesMoreThanAllBandsTogetherHold() {
        var settings = settings(FlowControlSettings.Band.DEFAULT, new UsageLimit.Fixed(1), 2);
        var pool = new FlowTesting(1, settings);
        pool.enter(0, "a");
        pool.enter(0, "a");
        pool.enter(1, "a");

        assertThat(pool.enter(2, "a").refusal()).isEqualTo(Outcome.REJECTED_CAPACITY);
    }

    @Test
    void saysThatThereAreNoEndpointsWhenTheLineOfAnEmptyPoolIsFull() {
        var pool =
                new FlowTesting(
                        1, settings(new FlowControlSettings.Band(0, 1, STRICT, FIRST_COME)));
        pool.empty = true;
        pool.control.endpointsChanged();
        pool.enter(0, "a");

        assertThat(pool.enter(0, "a").refusal()).isEqualTo(Outcome.REJECTED_NO_ENDPOINTS);
    }

    @Test
    void refusesWhoWaitedLongEnoughToTheMillisecond() {
        var pool = new FlowTesting(1, settings(FlowControlSettings.Band.DEFAULT));
        pool.enter(0, "a");
        var first = pool.enter(0, "a");
        pool.advance(MILLI.multipliedBy(7));
        var second = pool.enter(3, "b");

        pool.advance(TTL.minus(MILLI.multipliedBy(8)));
        assertThat(first.isWaiting()).isTrue();
        pool.advance(MILLI);
        assertThat(first.refusal()).isEqualTo(Outcome.EVICTED_TTL);
        assertThat(second.isWaiting()).isTrue();
        pool.advance(MILLI.multipliedBy(7));
        assertThat(second.refusal()).isEqualTo(Outcome.EVICTED_TTL);
    }

    @Test
    void timeIsCountedAnewWhenThePoolLosesItsEndpoints() {
        var pool = new FlowTesting(1, settings(FlowControlSettings.Band.DEFAULT));
        pool.enter(0, "a");
        var request = pool.enter(0, "a");
        pool.advance(TTL.minus(MILLI));
        pool.empty = true;
        pool.control.endpointsChanged();

        pool.advance(EMPTY_TTL.minus(MILLI));
        assertThat(request.isWaiting()).isTrue();
        pool.advance(MILLI);

        assertThat(request.refusal()).isEqualTo(Outcome.EVICTED_NO_ENDPOINTS);
    }

    @Test
    void waitsForThePoolToHaveEndpoints() {
        var pool = new FlowTesting(1, FlowTesting.ON);
        pool.empty = true;
        pool.control.endpointsChanged();
        var request = pool.enter(0, "a");
        assertThat(request.isWaiting()).isTrue();

        pool.empty = false;
        pool.control.endpointsChanged();

        assertThat(pool.dispatched).containsExactly(request);
    }

    @Test
    void whoGivesUpFreesThePlaceAtOnce() {
        var pool =
                new FlowTesting(
                        1, settings(new FlowControlSettings.Band(0, 1, STRICT, FIRST_COME)));
        pool.enter(0, "a");
        var first = pool.enter(0, "a");
        first.cancel();

        var second = pool.enter(0, "a");

        assertThat(second.isWaiting()).isTrue();
        pool.serve(1);
        assertThat(second.running).isTrue();
        assertThat(first.running).isFalse();
    }

    @Test
    void turnThatIsGivenBackGoesToTheNext() {
        var pool = new FlowTesting(1, FlowTesting.ON);
        var first = pool.new Request(0, "a", 1, 0);
        pool.control.enter(first);
        assertThat(first.hasTurn()).isTrue();
        var second = pool.enter(0, "a");
        assertThat(second.isWaiting()).isTrue();

        pool.control.cancel(first);

        assertThat(second.running).isTrue();
    }

    @Test
    void holdsBackLowerBandsSooner() {
        var limit = new UsageLimit.PriorityHoldback(false, 0.5, 1);
        var pool = new FlowTesting(10, settings(FlowControlSettings.Band.DEFAULT, limit, 0));
        pool.capacity = 0;
        for (int i = 0; i < 20; i++) {
            pool.enter(-1, "a");
            pool.enter(0, "a");
            pool.enter(1, "a");
        }
        pool.dispatched.clear();

        Band[] bands = pool.control.bands().all();

        assertThat(Ceilings.of(limit, bands, 0, 0)).isEqualTo(1);
        assertThat(Ceilings.of(limit, bands, 1, 0)).isEqualTo(0.75);
        assertThat(Ceilings.of(limit, bands, 2, 0)).isEqualTo(0.5);
    }

    @Test
    void holdsBackByTheValueOfPriorities() {
        var limit = new UsageLimit.PriorityHoldback(true, 0.2, 1);
        var pool = new FlowTesting(0, settings(FlowControlSettings.Band.DEFAULT, limit, 0));
        pool.enter(0, "a");
        pool.enter(1, "a");
        pool.enter(10, "a");

        Band[] bands = pool.control.bands().all();

        assertThat(Ceilings.of(limit, bands, 0, 0)).isEqualTo(1);
        assertThat(Ceilings.of(limit, bands, 1, 0)).isCloseTo(0.28, within(1e-9));
        assertThat(Ceilings.of(limit, bands, 2, 0)).isCloseTo(0.2, within(1e-9));
    }

    @Test
    void softCeilingOpensNowAndThenForLowerBands() {
        var limit = new UsageLimit.SoftReflective();
        var pool = new FlowTesting(0, settings(FlowControlSettings.Band.DEFAULT, limit, 0));
        pool.enter(0, "a");
        pool.enter(1, "a");
        Band[] bands = pool.control.bands().all();

        int open = 0;
        for (int i = 0; i < 40; i++) {
            open += Ceilings.of(limit, bands, 1, 0.8) > 0.8 ? 1 : 0;
        }

        assertThat(open).isEqualTo(10);
        assertThat(Ceilings.of(limit, bands, 0, 0.8)).isEqualTo(1);
        assertThat(Ceilings.of(limit, bands, 1, 0.1)).isEqualTo(1);
        assertThat(Ceilings.of(limit, bands, 1, 1)).isZero();
    }

    @Test
    void changedRulesHoldForThoseWhoWait() {
        var pool = new FlowTesting(1, settings(band(STRICT, FIRST_COME)));
        pool.enter(0, "a");
        var busy1 = pool.enter(0, "busy");
        var busy2 = pool.enter(0, "busy");
        var other = pool.enter(0, "other");

        pool.control.configure(settings(band(new Fairness.RoundRobin(), FIRST_COME)));
        pool.serve(3);

        assertThat(pool.dispatched.subList(1, 4)).containsExactly(busy1, other, busy2);
    }

    @Test
    void lettingGoOfFlowControlLetsAllGo() {
        var pool = new FlowTesting(0, FlowTesting.ON);
        var request = pool.enter(0, "a");

        pool.control.configure(FlowControlSettings.OFF);

        assertThat(request.running).isTrue();
    }

    @Test
    void refusesAllWhenItEnds() {
        var pool = new FlowTesting(0, FlowTesting.ON);
        var request = pool.enter(0, "a");

        pool.control.end();

        assertThat(request.refusal()).isEqualTo(Outcome.EVICTED_SHUTTING_DOWN);
        assertThat(pool.enter(0, "a").refusal()).isEqualTo(Outcome.REJECTED_SHUTTING_DOWN);
    }

    @Test
    void tellsWhoWaits() {
        var bands =
                new TreeMap<>(
                        Map.of(4, new FlowControlSettings.Band(1000, 10, STRICT, FIRST_COME)));
        var pool =
                new FlowTesting(
                        0,
                        new FlowControlSettings(
                                true,
                                0,
                                50,
                                TTL,
                                EMPTY_TTL,
                                FlowControlSettings.Band.DEFAULT,
                                FlowControlSettings.Band.DEFAULT,
                                bands,
                                new UsageLimit.Fixed(1),
                                false));
        pool.enter(4, "a");
        pool.enter(4, "b").cancel();

        FlowSnapshot snapshot = pool.control.snapshot(1);

        assertThat(snapshot.total()).isEqualTo(new FlowSnapshot.Use(1, 100, 50, 0));
        FlowSnapshot.OfBand band = snapshot.bands().getFirst();
        assertThat(band.use()).isEqualTo(new FlowSnapshot.Use(1, 100, 10, 1000));
        assertThat(band.flows())
                .contains(new FlowSnapshot.OfFlow("a", 1, 100), new FlowSnapshot.OfFlow("b", 0, 0));
        assertThat(band.outcomes().get(Outcome.EVICTED_CANCELLED)).isOne();
    }

    @Test
    void forgetsIdleFlowsAndPriorities() {
        var pool = new FlowTesting(1, FlowTesting.ON);
        pool.enter(9, "a").finish();
        pool.advance(Duration.ofMinutes(11));

        pool.enter(0, "b");

        assertThat(pool.control.snapshot(0).bands()).hasSize(1);
    }
}
