package io.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.weir.resource.Gateway;
import io.weir.resource.HttpRoute;
import io.weir.resource.HttpRoute.BackendRef;
import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;
import io.weir.resource.HttpRoute.PathMatch;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectMeta;
import io.weir.resource.ObjectSet;
import io.weir.resource.Pod;
import io.weir.resource.Resource;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** How long compilations of many objects take; run {@link #main} for figures. */
class CompileTimeTest {

    private static final int ROUTES = 10_000;
    private static final int POOLS = 1_000;
    private static final int PODS_OF_A_POOL = 10;

    private final Gateway gateway = only(Gateway.class, Fixture.GATEWAY);
    private final HttpRoute route = only(HttpRoute.class, Fixture.route("r", "p"));
    private final InferencePool pool = only(InferencePool.class, Fixture.pool("p"));
    private final Pod pod = only(Pod.class, Fixture.pod("pod", "p", "10.0.0.1"));

    @Test
    void oneChangeAmongTenThousandRoutesTakesAFifthOfAFullCompilationAtMost() {
        ObjectSet objects = objects();
        Compilation first = SnapshotCompiler.compile(objects, Fixture.options());
        assertThat(first.snapshot().pools()).hasSize(POOLS);
        assertThat(first.statuses()).hasSize(1 + ROUTES + POOLS);
        Duration full = full(objects, 5).fastest();
        assertThat(full).isLessThan(Duration.ofSeconds(5));
        assertThat(changes(objects, first, 20, this::readyPod).fastest())
                .isLessThan(full.dividedBy(5));
        assertThat(changes(objects, first, 20, i -> route(i, i)).fastest())
                .isLessThan(full.dividedBy(5));
    }

    /** Prints times of full compilations and of those after a change, and bytes allocated. */
    static void main(String[] args) {
        new CompileTimeTest().print(args.length == 0 ? 200 : Integer.parseInt(args[0]));
    }

    private void print(int runs) {
        ObjectSet objects = objects();
        Compilation first = SnapshotCompiler.compile(objects, Fixture.options());
        print("full", full(objects, runs / 4));
        print("nothing", changes(objects, first, runs, _ -> gateway));
        print("pod", changes(objects, first, runs, this::readyPod));
        print("route of a host", changes(objects, first, runs, i -> route(2 * i + 1, i)));
        print("route of no host", changes(objects, first, runs, i -> route(2 * i, i)));
        print("new route", changes(objects, first, runs, i -> route(ROUTES + i, i)));
        print("pool", changes(objects, first, runs, i -> pool(i, 8001)));
        print("gateway", changes(objects, first, runs / 4, this::gateway));
    }

    private static void print(String what, Figures figures) {
        System.out.printf(
                "%-16s p50 %6.2f ms  p99 %6.2f ms  %8d KB%n",
                what,
                figures.percentile(50).toNanos() / 1e6,
                figures.percentile(99).toNanos() / 1e6,
                figures.bytes / 1024);
    }

    private static Figures full(ObjectSet objects, int runs) {
        return Figures.of(runs, _ -> SnapshotCompiler.compile(objects, Fixture.options()));
    }

    /** Measures compilations, each after one more change. */
    private static Figures changes(
            ObjectSet objects, Compilation first, int runs, IntFunction<Resource> change) {
        ObjectSet[] now = {objects};
        Compilation[] before = {first};
        return Figures.of(
                runs,
                i -> {
                    now[0] = now[0].with(change.apply(i));
                    before[0] = SnapshotCompiler.compile(now[0], Fixture.options(), before[0]);
                    return before[0];
                });
    }

    private ObjectSet objects() {
        List<Resource> all = new ArrayList<>();
        all.add(gateway);
        for (int i = 0; i < ROUTES; i++) {
            all.add(route(i, i + 1));
        }
        for (int i = 0; i < POOLS; i++) {
            all.add(pool(i, 8000));
            for (int j = 0; j < PODS_OF_A_POOL; j++) {
                all.add(pod(i, j, true));
            }
        }
        return ObjectSet.EMPTY.with(all);
    }

    private Resource readyPod(int i) {
        return pod(i % POOLS, 0, i / POOLS % 2 == 1);
    }

    private Resource pod(int poolIndex, int index, boolean ready) {
        String app = "p" + poolIndex;
        String address = "10." + index + "." + poolIndex / 250 + "." + (1 + poolIndex % 250);
        ObjectMeta meta = named(pod.metadata(), app + "-" + index, Map.of("app", app));
        return new Pod(meta, pod.spec(), address, "", ready, false);
    }

    private Resource pool(int index, int port) {
        String name = "p" + index;
        return new InferencePool(
                named(pool.metadata(), name, Map.of()),
                Map.of("app", name),
                List.of(port),
                pool.appProtocol(),
                null);
    }

    /** Routes of even indexes are for every host, others for one of some thousand hosts. */
    private Resource route(int index, int poolIndex) {
        HttpRoute.Rule rule = route.rules().getFirst();
        BackendRef ref = rule.backendRefs().getFirst();
        var match =
                new Match(
                        new PathMatch(MatchType.PATH_PREFIX, "/team" + index),
                        List.of(),
                        List.of(),
                        null);
        var backend =
                new BackendRef(
                        ref.group(),
                        ref.kind(),
                        ref.namespace(),
                        "p" + poolIndex % POOLS,
                        null,
                        1,
                        List.of());
        return new HttpRoute(
                named(route.metadata(), "r" + index, Map.of()),
                route.parentRefs(),
                index % 2 == 0 ? List.of() : List.of("h" + index + ".example.com"),
                List.of(
                        new HttpRoute.Rule(
                                null,
                                List.of(match),
                                List.of(),
                                List.of(backend),
                                rule.timeouts(),
                                null)));
    }

    private Resource gateway(int i) {
        return only(Gateway.class, Fixture.GATEWAY.replace("name: http", "name: http" + i));
    }

    private static ObjectMeta named(ObjectMeta meta, String name, Map<String, String> labels) {
        return new ObjectMeta(
                meta.group(),
                meta.version(),
                meta.namespace(),
                name,
                labels,
                Map.of(),
                1,
                meta.createdAt(),
                meta.origin());
    }

    private static <T extends Resource> T only(Class<T> type, String manifest) {
        return Fixture.objects(manifest).all(type).getFirst();
    }

    /**
     * What some compilations took.
     *
     * @param sorted times, the shortest first
     * @param bytes bytes that one allocated on average
     */
    private record Figures(List<Duration> sorted, long bytes) {

        static Figures of(int runs, IntFunction<Compilation> compile) {
            var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long[] nanos = new long[runs];
            long allocated = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < runs; i++) {
                long begun = System.nanoTime();
                Compilation compiled = compile.apply(i);
                nanos[i] = System.nanoTime() - begun;
                assertThat(compiled.problems()).isEmpty();
            }
            long bytes = (threads.getCurrentThreadAllocatedBytes() - allocated) / runs;
            Arrays.sort(nanos);
            return new Figures(Arrays.stream(nanos).mapToObj(Duration::ofNanos).toList(), bytes);
        }

        Duration fastest() {
            return percentile(0);
        }

        Duration percentile(int percent) {
            return sorted.get((sorted.size() - 1) * percent / 100);
        }
    }
}
