package io.weir.picker.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.picker.flow.FlowSnapshot.Evictions;
import io.weir.picker.flow.FlowTesting.Request;
import io.weir.picker.plugin.FlowPolicy.UsageLimit;
import io.weir.picker.setup.FlowControlSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Running requests that are broken off for more important ones (reference: in-flight eviction). */
class EvictionTest {

    private static final UsageLimit FULL_AT_ONE = new UsageLimit.Fixed(1);
    private static final Duration LAG = Duration.ofMillis(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static FlowTesting full(int... priorities) {
        var pool = new FlowTesting(priorities.length, FlowTesting.evicting(FULL_AT_ONE));
        for (int priority : priorities) {
            pool.enter(priority, "a");
        }
        assertThat(pool.running).isEqualTo(priorities.length);
        return pool;
    }

    /** Has those who are told to end go on running. */
    private static FlowTesting fullOfDeaf(int requests) {
        int[] priorities = new int[requests];
        Arrays.fill(priorities, -1);
        FlowTesting pool = full(priorities);
        pool.whenEvicted = _ -> {};
        return pool;
    }

    private static Evictions evictions(FlowTesting pool) {
        return Objects.requireNonNull(pool.control.snapshot(0).evictions());
    }

    @Test
    void theLowestPriorityGoesFirstAndOfTheseTheOneDispatchedLast() {
        // Given
        FlowTesting pool = full(-1, -5, -5, -2, 0);
        Request newestOfTheLowest = pool.dispatched.get(2);

        // When
        Request important = pool.enter(0, "b");

        // Then
        assertThat(pool.evicted).containsExactly(newestOfTheLowest);
        assertThat(important.running).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, -1, 1", "-1, -2, 1", "-1, -1, 0", "-2, -1, 0", "0, 0, 0", "9, 0, 0"})
    void onlySheddableRequestsThatAreLessImportantAreBrokenOff(
            int waiting, int running, int evicted) {
        FlowTesting pool = full(running);

        pool.enter(waiting, "b");

        assertThat(pool.evicted).hasSize(evicted);
    }

    @Test
    void nobodyIsBrokenOffWithoutTheFlag() {
        var pool = new FlowTesting(1, FlowTesting.ON);
        pool.enter(-1, "a");

        pool.enter(5, "b");

        assertThat(pool.evicted).isEmpty();
        assertThat(pool.control.snapshot(0).evictions()).isNull();
    }

    @Test
    void oneIsBrokenOffWhenThePoolIsExactlyFull() {
        FlowTesting pool = fullOfDeaf(4);

        pool.enter(0, "b");
        pool.enter(0, "b");

        assertThat(pool.evicted).hasSize(1);
    }

    @Test
    void asManyAreBrokenOffAsThePoolIsTooFullByButNeverMoreThanTwo() {
        // 10 run where 8 may: a mean request is an eighth of the pool.
        FlowTesting pool = fullOfDeaf(10);
        pool.capacity = 8;
        pool.enter(0, "b");
        assertThat(pool.evicted).hasSize(2);

        FlowTesting fuller = fullOfDeaf(10);
        fuller.capacity = 2;
        fuller.enter(0, "b");
        assertThat(fuller.evicted).hasSize(2);
        assertThat(evictions(fuller).target()).isCloseTo(4, within(1e-9));
        assertThat(evictions(fuller).pending()).isCloseTo(1, within(1e-9));
    }

    @Test
    void nobodyElseIsToldBeforeThoseHaveEndedAndTheSaturationShowsIt() {
        // Given
        FlowTesting pool = fullOfDeaf(10);
        pool.capacity = 2;
        pool.enter(0, "b");

        // When one of two has ended
        pool.evicted.getFirst().finish();
        pool.advance(Duration.ofSeconds(5));
        assertThat(pool.evicted).hasSize(2);

        // When the other one has, too
        pool.evicted.get(1).finish();
        pool.advance(LAG.minusMillis(1));
        assertThat(pool.evicted).hasSize(2);
        pool.advance(Duration.ofMillis(1));

        // Then
        assertThat(pool.evicted).hasSize(4);
        assertThat(evictions(pool).confirmed()).isEqualTo(2);
    }

    @Test
    void whatIsScrapedTakesLongerToShow() {
        FlowTesting pool = fullOfDeaf(10);
        pool.lag = Duration.ofMillis(2300);
        pool.capacity = 2;
        pool.enter(0, "b");
        List.copyOf(pool.evicted).forEach(Request::finish);

        pool.advance(Duration.ofMillis(2299));
        assertThat(pool.evicted).hasSize(2);
        pool.advance(Duration.ofMillis(1));

        assertThat(pool.evicted).hasSize(4);
    }

    @Test
    void whoDoesNotEndIsNotWaitedForForever() {
        // Given
        FlowTesting pool = fullOfDeaf(10);
        pool.control.configure(patient());
        pool.capacity = 8;
        pool.enter(0, "b");
        assertThat(pool.evicted).hasSize(2);

        // When
        pool.advance(TIMEOUT.plus(LAG));

        // Then
        assertThat(pool.evicted).hasSize(4);
        assertThat(evictions(pool).timedOut()).isEqualTo(2);

        // When it ends after all
        pool.evicted.getFirst().finish();
        assertThat(evictions(pool).confirmed()).isZero();
        assertThat(pool.control.running()).isEqualTo(9);
    }

    private static FlowControlSettings patient() {
        var rules = FlowTesting.evicting(FULL_AT_ONE);
        return new FlowControlSettings(
                true,
                0,
                0,
                Duration.ZERO,
                Duration.ZERO,
                rules.defaultBand(),
                rules.defaultNegativeBand(),
                rules.bands(),
                rules.usageLimit(),
                true);
    }

    @Test
    void aBandThatMayNotRunAtAllBreaksNobodyOff() {
        FlowTesting pool = full(-1);
        pool.control.configure(FlowTesting.evicting(new UsageLimit.Fixed(0)));

        pool.enter(0, "b");

        assertThat(pool.evicted).isEmpty();
    }

    @Test
    void whoHoldsBackLowerBandsBreaksOffDownToTheCeilingOfTheBandThatWaits() {
        // Given: the lower of two bands may fill half of the pool.
        var pool =
                new FlowTesting(
                        4, FlowTesting.evicting(new UsageLimit.PriorityHoldback(false, 0.5, 1)));
        pool.whenEvicted = _ -> {};
        pool.enter(0, "a");
        pool.capacity = 100;
        pool.enter(-5, "a");
        pool.enter(-5, "a");
        pool.enter(-5, "a");
        pool.capacity = 4;

        // When
        pool.enter(-1, "b");

        // Then: ceiling of the second of three bands is 0.75, so 1 - 0.75 has to go.
        assertThat(pool.evicted).hasSize(1);
        assertThat(evictions(pool).target()).isCloseTo(0.25, within(1e-9));
    }

    @Test
    void whoIsToldBeforeListeningHearsItAtOnce() {
        // Given
        var leases = new Leases(_ -> {});
        Lease lease = leases.begin(-1);
        RevocableLease first = Objects.requireNonNull(leases.first());
        assertThat(first.revoke(7)).isTrue();
        first.tell();
        List<String> told = new ArrayList<>();

        // When
        lease.whenRevoked(() -> told.add("now"));
        first.tell();

        // Then
        assertThat(told).containsExactly("now");
    }

    @Test
    void whoHasEndedCannotBeBrokenOff() {
        List<RevocableLease> confirmed = new ArrayList<>();
        var leases = new Leases(confirmed::add);
        Lease lease = leases.begin(-1);
        RevocableLease first = Objects.requireNonNull(leases.first());

        lease.end();

        assertThat(first.revoke(7)).isFalse();
        assertThat(leases.first()).isNull();
        assertThat(leases.running()).isZero();
        assertThat(confirmed).isEmpty();
    }

    @Test
    void theBandThatWaitedIsCountedAndTheTimeItTookIsTold() {
        // Given
        FlowTesting pool = fullOfDeaf(1);
        pool.enter(3, "b");
        pool.advance(Duration.ofMillis(40));

        // When
        pool.evicted.getFirst().finish();

        // Then
        assertThat(pool.confirmations).containsExactly(Duration.ofMillis(40));
        FlowSnapshot.OfBand band = pool.control.snapshot(0).bands().getFirst();
        assertThat(band.priority()).isEqualTo(3);
        assertThat(band.evictions()).isOne();
        pool.advance(LAG);
        assertThat(evictions(pool).pending()).isZero();
    }

    @Test
    void requestsThatBeganWithTheFlagEndWithoutItToo() {
        FlowTesting pool = full(-1, 0);

        pool.control.configure(FlowTesting.ON);
        pool.enter(5, "b");
        pool.dispatched.getFirst().finish();

        assertThat(pool.evicted).isEmpty();
        assertThat(pool.control.running()).isOne();
    }
}
