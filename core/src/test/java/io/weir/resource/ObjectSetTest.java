package io.weir.resource;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class ObjectSetTest {

    private static final String X = InferencePool.EXPERIMENTAL_GROUP;

    private final InferencePool stable = pool(InferencePool.GROUP, "default", "a", 1);
    private final InferencePool experimental = pool(X, "default", "a", 2);
    private final InferencePool elsewhere = pool(X, "other", "a", 3);
    private final Namespace namespace = new Namespace(meta("", "", "default"));

    @Test
    void findsByKindKeyNameAndNamespace() {
        ObjectSet set = ObjectSet.of(elsewhere, namespace, experimental, stable);

        assertThat(set.size()).isEqualTo(4);
        assertThat(set.all(InferencePool.class)).containsExactly(stable, experimental, elsewhere);
        assertThat(set.inNamespace(InferencePool.class, "other")).containsExactly(elsewhere);
        assertThat(set.inNamespace(InferencePool.class, "none")).isEmpty();
        assertThat(set.all(Gateway.class)).isEmpty();
        assertThat(set.find(experimental.key())).contains(experimental);
        assertThat(set.find(new ObjectKey("", "Pod", "default", "a"))).isEmpty();
        assertThat(set.find(Namespace.class, new ObjectName("", "default"))).contains(namespace);
        assertThat(set.find(Gateway.class, new ObjectName("", "default"))).isEmpty();
    }

    @Test
    void objectsOfBothGroupsMayHaveTheSameName() {
        ObjectSet set = ObjectSet.of(stable, experimental);
        ObjectName name = new ObjectName("default", "a");
        assertThat(set.find(InferencePool.class, InferencePool.GROUP, name)).contains(stable);
        assertThat(set.find(InferencePool.class, X, name)).contains(experimental);
        assertThat(set.find(InferencePool.class, "", name)).isEmpty();
    }

    @Test
    void changesMakeANewSet() {
        ObjectSet first = ObjectSet.of(stable, namespace);
        InferencePool changed = pool(InferencePool.GROUP, "default", "a", 9);

        ObjectSet second = first.with(changed).with(experimental);
        ObjectSet third = second.without(stable.key()).without(namespace.key());

        assertThat(first.all()).containsExactly(stable, namespace);
        assertThat(second.all()).containsExactly(changed, experimental, namespace);
        assertThat(third.all()).containsExactly(experimental);
        assertThat(third.without(namespace.key())).isEqualTo(third);
        assertThat(third.without(experimental.key())).isEqualTo(ObjectSet.EMPTY);
        assertThat(first).isEqualTo(ObjectSet.of(namespace, stable)).isNotEqualTo(second);
        assertThat(first).hasSameHashCodeAs(ObjectSet.of(namespace, stable));
    }

    @Test
    void theSecondOfTwoWithTheSameKeyIsAProblem() {
        ObjectSet.Builder builder = ObjectSet.builder();
        assertThat(builder.add(stable)).isEmpty();
        assertThat(builder.add(experimental)).isEmpty();
        assertThat(builder.add(pool(InferencePool.GROUP, "default", "a", 7)))
                .hasValueSatisfying(problem ->
                        assertThat(problem.toString())
                                .isEqualTo(
                                        "test:7: InferencePool default/a: defined again,"
                                                + " first at test:1 (expected: once; the first"
                                                + " is used)"));
        assertThat(builder.build().all()).containsExactly(stable, experimental);
    }

    @Test
    void tenThousandObjectsAreChangedOneByOneQuickly() {
        List<Resource> many = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            many.add(pool(X, "ns" + i % 10, "pool" + i, i));
        }
        ObjectSet set = ObjectSet.EMPTY.with(many);
        for (int i = 0; i < 50; i++) {
            set = set.with(namespace).without(namespace.key());
        }
        assertThat(set.size()).isEqualTo(10_000);
        assertThat(set.inNamespace(InferencePool.class, "ns3")).hasSize(1000);
    }

    private static InferencePool pool(String group, String namespace, String name, int line) {
        ObjectMeta meta =
                new ObjectMeta(
                        group,
                        "v1",
                        namespace,
                        name,
                        Map.of(),
                        Map.of(),
                        1,
                        Instant.EPOCH,
                        new Origin("test", line));
        return new InferencePool(
                meta, Map.of("app", name), List.of(8000), InferencePool.AppProtocol.HTTP, null);
    }

    private static ObjectMeta meta(String group, String namespace, String name) {
        return new ObjectMeta(
                group,
                "v1",
                namespace,
                name,
                Map.of(),
                Map.of(),
                1,
                Instant.EPOCH,
                new Origin("test", 1));
    }
}
