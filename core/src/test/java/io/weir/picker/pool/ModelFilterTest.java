package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.picked;
import static io.weir.picker.pool.PoolTesting.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot.ServedModel;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;
import io.weir.picker.Reservation.End;
import io.weir.picker.state.ServedModels;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class ModelFilterTest {

    private final PoolTesting testing = new PoolTesting();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyServersThatListTheModelGetIt(boolean isRewritten) {
        // Given
        PoolPicker picker = pool("llama", "llama,food", "llama,food");

        // Then
        assertThat(reached(picker, request("food", isRewritten))).containsExactlyInAnyOrder(1, 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void serversThatDoNotSayStayInTheGame(boolean isRewritten) {
        // Given
        PoolPicker picker = pool("llama", "llama,food", "");

        // Then
        assertThat(reached(picker, request("food", isRewritten))).containsExactlyInAnyOrder(1, 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aModelThatNobodyListsIsNotServed(boolean isRewritten) {
        // Given
        PoolPicker picker = pool("llama", "llama,food");

        // When
        PickResult result = picker.pick(request("ski", isRewritten));

        // Then
        assertThat(result).isInstanceOf(Refused.class);
        Refused refused = (Refused) result;
        assertThat(refused.reason()).isEqualTo(Reason.MODEL_NOT_SERVED);
        assertThat(refused.reason().status()).isEqualTo(404);
        assertThat(refused.message()).contains("ski");
    }

    @Test
    void aModelThatNobodyListsGoesAnywhereWhileSomeDoNotSay() {
        // Given
        PoolPicker picker = pool("llama", "");

        // Then
        assertThat(reached(picker, request("food", false))).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aRewrittenModelThatNobodyListsGoesToThoseThatDoNotSay() {
        // Given
        PoolPicker picker = pool("llama", "");

        // Then
        assertThat(reached(picker, request("food", true))).containsExactly(1);
    }

    @Test
    void aRequestWithoutAModelGoesAnywhere() {
        // Given
        PoolPicker picker = pool("llama", "food");
        var request = new PickRequest(null, false, List.of(), 1, -1, 0, "default-flow", null);

        // Then
        assertThat(reached(picker, request)).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void serversThatLackTheModelAreNotFallenBackTo() {
        // Given
        PoolPicker picker = pool("llama", "food", "llama", "food", "food", "food", "food", "food");

        // When
        Reservation reservation = picked(picker.pick(request("food", true)));
        Set<String> tried = new HashSet<>(Set.of(reservation.current().name()));
        for (Endpoint e = reservation.next(); e != null; e = reservation.next()) {
            tried.add(e.name());
        }

        // Then
        assertThat(tried)
                .containsExactlyInAnyOrder("pod-1", "pod-3", "pod-4", "pod-5", "pod-6", "pod-7");
    }

    @Test
    void aListThatAllServersShareIsAsGoodAsListsOfTheirOwn() {
        // Given
        PoolPicker picker = pool("", "");
        share(List.of(new ServedModel("llama", ""), new ServedModel("food", "llama")), 0, 1);

        // Then
        assertThat(reached(picker, request("llama", false))).containsExactlyInAnyOrder(0, 1);
        assertThat(reached(picker, request("food", true))).isNotEmpty();
        assertThat(picker.pick(request("ski", false))).isInstanceOf(Refused.class);
    }

    @Test
    void anAdapterThatOneServerLoadsLaterIsFoundByTheNextPick() {
        // Given
        PoolPicker picker = pool("", "");
        share(List.of(new ServedModel("llama", "")), 0, 1);
        assertThat(picker.pick(request("food", false))).isInstanceOf(Refused.class);

        // When
        share(List.of(new ServedModel("llama", ""), new ServedModel("food", "llama")), 1);

        // Then
        assertThat(reached(picker, request("food", false))).containsExactly(1);
        assertThat(reached(picker, request("llama", false))).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void aServerThatComesLaterMayServeOtherModels() {
        // Given
        PoolPicker picker = pool("", "");
        share(List.of(new ServedModel("llama", "")), 0, 1);
        assertThat(picker.pick(request("food", false))).isInstanceOf(Refused.class);

        // When
        testing.pool(3);

        // Then
        assertThat(reached(picker, request("food", true))).containsExactly(2);
    }

    private void share(List<ServedModel> models, int... servers) {
        ServedModels list = ServedModels.of(models);
        for (int server : servers) {
            testing.watched.get(server).models(list);
        }
    }

    /** Returns a pool with a server for each comma-separated list of models. */
    private PoolPicker pool(String... lists) {
        PoolPicker picker = testing.pool(lists.length);
        for (int i = 0; i < lists.length; i++) {
            List<ServedModel> models =
                    Arrays.stream(lists[i].split(","))
                            .filter(id -> !id.isEmpty())
                            .map(id -> new ServedModel(id, ""))
                            .toList();
            testing.watched.get(i).models(ServedModels.of(models));
        }
        return picker;
    }

    private static Set<Integer> reached(PoolPicker picker, PickRequest request) {
        Set<Integer> reached = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            Reservation reservation = picked(picker.pick(request));
            reached.add(Integer.parseInt(reservation.current().name().substring(4)));
            reservation.release(End.CANCELLED, -1);
        }
        return reached;
    }
}
