package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.POOL;
import static io.weir.picker.pool.PoolTesting.endpoint;
import static io.weir.picker.pool.PoolTesting.pick;
import static io.weir.picker.pool.PoolTesting.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

class PickerRegistryTest {

    private final PoolTesting testing = new PoolTesting();

    @Test
    void aPoolThatIsNotAppliedYetRefusesWith503() {
        // When
        var result = testing.registry.forPool(POOL).pick(request(1));

        // Then
        assertThat(result).isInstanceOf(Refused.class);
        assertThat(((Refused) result).reason()).isEqualTo(Reason.NO_ENDPOINTS);
        assertThat(((Refused) result).reason().status()).isEqualTo(503);
    }

    @Test
    void theSamePickerIsReturnedBeforeAndAfterThePoolIsApplied() {
        // Given
        PoolPicker before = testing.registry.forPool(POOL);

        // When
        PoolPicker after = testing.pool(1);

        // Then
        assertThat(after).isSameAs(before);
        assertThat(pick(before).current()).isEqualTo(endpoint(0));
    }

    @Test
    void aPoolThatGoesTakesItsPickerAlong() {
        // Given
        PoolPicker picker = testing.pool(1);

        // When
        testing.registry.apply(Map.of());

        // Then
        assertThat(testing.registry.forPool(POOL)).isNotSameAs(picker);
    }

    @Test
    void endpointsThatStayKeepTheirWorkInFlight() {
        // Given
        PoolPicker picker = testing.pool(2);
        Reservation first = pick(picker);

        // When
        picker.update(List.of(first.current(), endpoint(7)), PickerSettings.DEFAULT);

        // Then
        assertThat(picker.endpoints())
                .extracting(EndpointSnapshot::inFlightRequests)
                .containsExactly(1, 0);
    }

    @Test
    void aReservationOnAnEndpointThatWentCanStillBeSettled() {
        // Given
        PoolPicker picker = testing.pool(1);
        Reservation reservation = pick(picker);

        // When
        picker.update(List.of(endpoint(5)), PickerSettings.DEFAULT);
        reservation.firstByte();
        reservation.release(Reservation.End.COMPLETED, 3);
        picker.update(List.of(endpoint(0)), PickerSettings.DEFAULT);

        // Then
        assertThat(picker.endpoints().getFirst().inFlightRequests()).isZero();
        assertThat(picker.endpoints().getFirst().inFlightTokens()).isZero();
    }

    @Test
    void anEndpointThatIsBackSoonIsAsItWas() {
        // Given
        PoolPicker picker = testing.pool(2);
        Reservation reservation = pick(picker);
        Endpoint flapping = reservation.current();

        // When
        picker.update(List.of(endpoint(9)), PickerSettings.DEFAULT);
        testing.nanos.addAndGet(Duration.ofSeconds(30).toNanos());
        picker.update(List.of(flapping, endpoint(9)), PickerSettings.DEFAULT);

        // Then
        assertThat(picker.endpoints().getFirst().inFlightRequests()).isEqualTo(1);
        reservation.release(Reservation.End.COMPLETED, 1);
        assertThat(picker.endpoints().getFirst().inFlightRequests()).isZero();
    }

    @Test
    void anEndpointThatIsBackAfterLongBeginsAnew() {
        // Given
        PoolPicker picker = testing.pool(1);
        pick(picker);

        // When
        picker.update(List.of(), PickerSettings.DEFAULT);
        testing.nanos.addAndGet(Duration.ofSeconds(61).toNanos());
        picker.update(List.of(endpoint(0)), PickerSettings.DEFAULT);

        // Then
        assertThat(picker.endpoints().getFirst().inFlightRequests()).isZero();
    }

    @Test
    void aNewPodOnAnOldAddressIsAnotherEndpoint() {
        // Given
        PoolPicker picker = testing.pool(1);
        pick(picker);
        Endpoint old = endpoint(0);

        // When
        Endpoint other = new Endpoint("x", "other", old.address(), old.port(), old.labels());
        picker.update(List.of(other), PickerSettings.DEFAULT);

        // Then
        assertThat(picker.endpoints().getFirst().inFlightRequests()).isZero();
    }

    @Test
    void wrongSettingsAreToldAndTheirPoolGoesOnWithNewEndpoints() {
        // Given
        PoolPicker picker = testing.pool(1);
        var wrong = new PickerSettings("kind: Nonsense", "ConfigMap default/plugins");

        // When
        var refused =
                testing.registry.apply(Map.of(POOL, new PoolSpec(PoolTesting.endpoints(3), wrong)));

        // Then
        assertThat(refused).containsOnlyKeys(POOL);
        assertThat(refused.get(POOL)).hasMessageStartingWith("ConfigMap default/plugins:1: ");
        assertThat(picker.endpoints()).hasSize(3);
        assertThat(pick(picker).current()).isNotNull();
    }

    @Test
    void closingEndsTheWatchOfAllEndpoints() {
        // Given
        testing.pool(3);
        assertThat(testing.watched).hasSize(3);

        // When
        testing.registry.close();

        // Then
        assertThat(testing.watched).isEmpty();
    }
}
