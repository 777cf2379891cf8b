package io.weir.kubernetes.objects;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectName;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

final class LiveObjectsTest {

    private static final InstantSource CLOCK =
            InstantSource.fixed(Instant.parse("2026-01-31T12:00:00Z"));

    private final LiveObjects live = new LiveObjects("kubectl", CLOCK);

    private static ObjectNode pool(String name, int port) {
        String text =
                """
                {"apiVersion": "inference.networking.k8s.io/v1", "kind": "InferencePool",
                 "metadata": {"name": "%s", "namespace": "default", "resourceVersion": "7"},
                 "spec": {"selector": {"matchLabels": {"app": "a"}}, "targetPorts": [{"number": %d}]},
                 "status": {}}
                """
                        .formatted(name, port);
        return (ObjectNode) Trees.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<Integer> ports(String name) {
        return live.objects()
                .find(InferencePool.class, InferencePool.GROUP, new ObjectName("default", name))
                .map(InferencePool::targetPorts)
                .orElse(List.of());
    }

    @Test
    void takesAdditionsUpdatesAndRemovals() {
        assertThat(live.put(pool("a", 8000))).isTrue();
        assertThat(live.put(pool("b", 8000))).isTrue();
        assertThat(live.put(pool("a", 9000))).isTrue();
        assertThat(live.remove(pool("b", 1))).isTrue();

        assertThat(ports("a")).containsExactly(9000);
        assertThat(live.objects().size()).isOne();
        assertThat(live.remove(pool("b", 1))).isFalse();
    }

    @Test
    void saysThatNothingChangedWhenOnlyTheStatusDid() {
        live.put(pool("a", 8000));
        ObjectNode same = pool("a", 8000);
        same.putObject("status").putArray("parents");
        Trees.metadata(same).put("resourceVersion", "8");

        assertThat(live.put(same)).isFalse();
    }

    @Test
    void keepsTheLastGoodVersionOfARefusedObjectAndNamesTheSource() {
        live.put(pool("a", 8000));

        assertThat(live.put(pool("a", 70_000))).isTrue();

        assertThat(ports("a")).containsExactly(8000);
        assertThat(live.refused()).hasSize(1);
        assertThat(live.problems())
                .extracting(Object::toString)
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .startsWith("kubectl: InferencePool default/a")
                                        .contains("70000"),
                        second -> assertThat(second).contains("stays in force"));
    }

    @Test
    void forgetsTheProblemOfAnObjectThatIsMendedOrRemoved() {
        live.put(pool("a", 70_000));
        live.put(pool("b", 70_000));

        assertThat(live.put(pool("a", 8000))).isTrue();
        assertThat(live.remove(pool("b", 0))).isTrue();

        assertThat(live.problems()).isEmpty();
        assertThat(live.refused()).isEmpty();
    }

    @Test
    void removesWhatANewListDoesNotHave() {
        live.put(pool("a", 8000));
        live.put(pool("b", 8000));

        live.replaceAll(List.of(pool("b", 8000), pool("c", 8000)));

        assertThat(ports("a")).isEmpty();
        assertThat(live.objects().size()).isEqualTo(2);
    }

    @Test
    void leavesKindsOutThatConfigureNothing() {
        ObjectNode event = pool("a", 1).put("apiVersion", "v1").put("kind", "Event");

        assertThat(live.put(event)).isFalse();
        assertThat(live.problems()).isEmpty();
    }
}
