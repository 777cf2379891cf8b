package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.pick;
import static io.weir.picker.pool.PoolTesting.picked;
import static io.weir.picker.pool.PoolTesting.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.PickRequest;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;
import io.weir.picker.Reservation.End;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class ReservationTest {

    private final PoolTesting testing = new PoolTesting();

    @Test
    void promptTokensCountUntilTheFirstByteAndAnswerTokensUntilTheEnd() {
        // Given
        PoolPicker picker = testing.pool(1);
        var request = new PickRequest("llama", false, List.of(), 1000, 50, 0, "default-flow", null);

        // When
        Reservation reservation = picked(picker.pick(request));

        // Then
        assertThat(only(picker).inFlightTokens()).isEqualTo(1050);
        reservation.firstByte();
        reservation.firstByte();
        assertThat(only(picker).inFlightTokens()).isEqualTo(50);
        reservation.release(End.COMPLETED, 10);
        reservation.release(End.COMPLETED, 10);
        assertThat(only(picker).inFlightTokens()).isZero();
        assertThat(only(picker).inFlightRequests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 9, 64, 65, 200})
    void theOrderedListHasEveryEndpointOnceAndTheWorkMovesAlong(int endpoints) {
        // Given
        PoolPicker picker = testing.pool(endpoints);
        Reservation reservation = pick(picker);
        List<Endpoint> tried = new ArrayList<>(List.of(reservation.current()));

        // When
        for (Endpoint next = reservation.next(); next != null; next = reservation.next()) {
            tried.add(next);
            assertThat(reservation.current()).isEqualTo(next);
            assertThat(busy(picker)).containsExactly(next);
        }

        // Then
        Set<Endpoint> distinct = new HashSet<>(tried);
        assertThat(tried).hasSize(endpoints).hasSameSizeAs(distinct);
        reservation.release(End.FAILED, -1);
        assertThat(busy(picker)).isEmpty();
    }

    @Test
    void anEndpointThatLeftThePoolIsNotTried() {
        // Given
        PoolPicker picker = testing.pool(2);
        Reservation reservation = pick(picker);

        // When
        picker.update(List.of(reservation.current()), PickerSettings.DEFAULT);

        // Then
        assertThat(reservation.next()).isNull();
    }

    @Test
    void aFailedEndpointComesLastForAWhileThatGrows() {
        // Given
        PoolPicker picker = testing.pool(3);
        Reservation reservation = pick(picker);
        Endpoint failed = reservation.current();
        reservation.next();
        reservation.release(End.COMPLETED, 1);

        // Then
        assertThat(picksOf(picker, failed)).isZero();
        testing.nanos.addAndGet(Duration.ofMillis(251).toNanos());
        assertThat(picksOf(picker, failed)).isPositive();

        // When it fails again after its time is over
        reservation = pickOf(picker, failed);
        reservation.release(End.FAILED, -1);
        testing.nanos.addAndGet(Duration.ofMillis(251).toNanos());

        // Then
        assertThat(picksOf(picker, failed)).isZero();
        testing.nanos.addAndGet(Duration.ofMillis(251).toNanos());
        assertThat(picksOf(picker, failed)).isPositive();
    }

    @Test
    void aFailedEndpointIsTheLastOfTheListAndNotLeftOut() {
        // Given
        PoolPicker picker = testing.pool(3);
        Reservation reservation = pick(picker);
        Endpoint failed = reservation.current();
        reservation.release(End.FAILED, -1);

        // Then
        assertThat(order(picker)).hasSize(3).last().isEqualTo(failed);
    }

    @Test
    void anEndpointThatCannotBeScrapedIsTheLastOfTheList() {
        // Given
        PoolPicker picker = testing.pool(3);

        // When
        testing.watched.get(1).health().reachable(false);

        // Then
        assertThat(order(picker)).hasSize(3).last().isEqualTo(PoolTesting.endpoint(1));
    }

    @Test
    void aSubsetConfinesThePickAndItsFallbacks() {
        // Given
        PoolPicker picker = testing.pool(6);
        Set<String> subset = Set.of("pod-1", "pod-4");
        var request =
                PickRequest.forModel("llama")
                        .prompt(List.of(), 1)
                        .subset(endpoint -> subset.contains(endpoint.name()))
                        .build();

        // When
        Reservation reservation = picked(picker.pick(request));
        List<Endpoint> ordered = reservation.ordered(9);

        // Then
        assertThat(ordered).extracting(Endpoint::name).containsExactlyInAnyOrder("pod-1", "pod-4");
        assertThat(reservation.current()).isEqualTo(ordered.getFirst());
        assertThat(reservation.next()).isEqualTo(ordered.getLast());
        assertThat(reservation.next()).isNull();
    }

    @Test
    void anAnswerMakesAnEndpointGoodAgain() {
        // Given
        PoolPicker picker = testing.pool(1);
        Reservation early = pick(picker);
        pick(picker).release(End.FAILED, -1);
        assertThat(only(picker).healthy()).isFalse();

        // When
        early.firstByte();

        // Then
        assertThat(only(picker).healthy()).isTrue();
    }

    @Test
    void aLoadedEndpointIsLeftForAFreeOne() {
        // Given
        PoolPicker picker = testing.pool(2);
        Reservation big = picked(picker.pick(request(50_000)));

        // When
        List<Endpoint> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(pick(picker).current());
        }

        // Then
        assertThat(others).doesNotContain(big.current());
    }

    private Reservation pickOf(PoolPicker picker, Endpoint endpoint) {
        while (true) {
            Reservation reservation = pick(picker);
            if (reservation.current().equals(endpoint)) {
                return reservation;
            }
            reservation.release(End.CANCELLED, -1);
        }
    }

    private static int picksOf(PoolPicker picker, Endpoint endpoint) {
        int picks = 0;
        for (int i = 0; i < 60; i++) {
            Reservation reservation = pick(picker);
            picks += reservation.current().equals(endpoint) ? 1 : 0;
            reservation.release(End.CANCELLED, -1);
        }
        return picks;
    }

    private static List<Endpoint> order(PoolPicker picker) {
        Reservation reservation = pick(picker);
        List<Endpoint> order = new ArrayList<>(List.of(reservation.current()));
        for (Endpoint next = reservation.next(); next != null; next = reservation.next()) {
            order.add(next);
        }
        reservation.release(End.COMPLETED, 1);
        return order;
    }

    private static EndpointSnapshot only(PoolPicker picker) {
        return picker.endpoints().getFirst();
    }

    private static List<Endpoint> busy(PoolPicker picker) {
        return picker.endpoints().stream()
                .filter(snapshot -> snapshot.inFlightRequests() > 0)
                .map(EndpointSnapshot::endpoint)
                .toList();
    }
}
