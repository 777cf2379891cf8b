package io.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.ObjectSet;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** How long a compilation of many objects takes; run {@link #main} for figures. */
class CompileTimeTest {

    private static final int ROUTES = 1000;
    private static final int RULES = 10;

    @Test
    void tenThousandRulesAndAThousandPoolsCompileInATime() {
        ObjectSet objects = objects();
        Compilation first = SnapshotCompiler.compile(objects, Fixture.options());
        assertThat(first.snapshot().pools()).hasSize(ROUTES);
        assertThat(fastest(objects, first, 5)).isLessThan(Duration.ofSeconds(2));
    }

    /** Prints the time of each of a number of compilations, in milliseconds. */
    static void main(String[] args) {
        ObjectSet objects = objects();
        Compilation before = Compilation.EMPTY;
        int runs = args.length == 0 ? 30 : Integer.parseInt(args[0]);
        for (int i = 0; i < runs; i++) {
            long begun = System.nanoTime();
            before = SnapshotCompiler.compile(objects, Fixture.options(), before);
            System.out.println(Duration.ofNanos(System.nanoTime() - begun).toMillis());
        }
    }

    private static Duration fastest(ObjectSet objects, Compilation before, int runs) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < runs; i++) {
            long begun = System.nanoTime();
            SnapshotCompiler.compile(objects, Fixture.options(), before);
            best = Math.min(best, System.nanoTime() - begun);
        }
        return Duration.ofNanos(best);
    }

    private static ObjectSet objects() {
        StringBuilder text = new StringBuilder(Fixture.GATEWAY);
        for (int i = 0; i < ROUTES; i++) {
            text.append("---\n").append(route(i));
            text.append("---\n").append(Fixture.pool("p" + i));
            text.append("---\n").append(Fixture.pod("pod" + i, "p" + i, address(i)));
        }
        return Fixture.objects(text.toString());
    }

    private static String address(int i) {
        return "10.0." + i / 250 + "." + (1 + i % 250);
    }

    private static String route(int i) {
        StringBuilder rules = new StringBuilder();
        for (int rule = 0; rule < RULES; rule++) {
            rules.append(
                    """
                    - matches:
                      - path: {value: /team%d/v%d}
                        headers: [{name: X-Gateway-Base-Model-Name, value: base%d}]
                      backendRefs:
                      - {group: inference.networking.k8s.io, kind: InferencePool, name: p%d, weight: 90}
                      - {group: inference.networking.k8s.io, kind: InferencePool, name: p%d, weight: 10}
                    """
                            .formatted(i, rule, i, i, (i + 1) % ROUTES)
                            .indent(2));
        }
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: r%d}
        spec:
          parentRefs: [{name: gw}]
          hostnames: [h%d.example.com]
          rules:
        %s\
        """
                .formatted(i, i, rules);
    }
}
