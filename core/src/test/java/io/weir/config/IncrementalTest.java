package io.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.ModelRewrites;
import io.weir.picker.external.ExternalPicker;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.resource.Resource;
import io.weir.resource.manifest.LoadResult;
import io.weir.resource.manifest.ManifestLoader;
import io.weir.resource.manifest.SourceText;
import io.weir.routing.Backend;
import io.weir.routing.Pool;
import io.weir.routing.RouteMatch;
import io.weir.routing.RouteRule;
import io.weir.routing.TestHead;
import io.weir.split.WeightedChoice;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Compares compilations that keep what did not change with those that keep nothing. */
class IncrementalTest {

    private static final int EDITS = 150;
    private static final List<String> HOSTS = List.of("a.com", "b.a.com", "w.a.com", "x.org");
    private static final List<String> PATHS = List.of("/", "/a", "/a/b", "/b", "/b/c");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyChangeIsCompiledAsIfItWereTheFirst(long seed) {
        Random random = new Random(seed);
        RandomManifests manifests = new RandomManifests(random);
        ObjectSet objects = ObjectSet.EMPTY;
        Compilation before = Compilation.EMPTY;
        for (int i = 0; i < EDITS; i++) {
            int together = random.nextInt(8) == 0 ? 5 : 1;
            for (int j = 0; j < together; j++) {
                objects = edited(objects, random, manifests);
            }
            Compilation now = SnapshotCompiler.compile(objects, Fixture.options(), before);
            now.snapshot().publish(before.snapshot());
            Compilation full = SnapshotCompiler.compile(objects, Fixture.options());
            String place = "seed " + seed + " compilation " + i;
            assertSame(place, now, full, random);
            assertStatusesAreKept(place, before, now);
            before = now;
        }
        assertThat(objects.size()).isGreaterThan(30);
    }

    private static void assertSame(String at, Compilation now, Compilation full, Random random) {
        assertThat(now.statuses()).as("statuses, %s", at).isEqualTo(full.statuses());
        assertThat(now.problems()).as("problems, %s", at).isEqualTo(full.problems());
        assertThat(pools(now)).as("pools, %s", at).isEqualTo(pools(full));
        assertThat(servers(now)).as("servers, %s", at).isEqualTo(servers(full));
        for (int i = 0; i < 60; i++) {
            TestHead head = head(random);
            assertThat(answers(now, head))
                    .as("request %s, %s", head, at)
                    .isEqualTo(answers(full, head));
        }
    }

    private static void assertStatusesAreKept(String at, Compilation before, Compilation now) {
        Map<ObjectKey, Status> known = new HashMap<>();
        before.statuses().forEach(status -> known.put(status.object(), status));
        for (Status status : now.statuses()) {
            Status old = known.get(status.object());
            if (status.equals(old)) {
                assertThat(status).as("status of %s, %s", status.object(), at).isSameAs(old);
            }
        }
    }

    private static ObjectSet edited(ObjectSet objects, Random random, RandomManifests manifests) {
        List<Resource> all = objects.all();
        if (!all.isEmpty() && random.nextInt(5) == 0) {
            return objects.without(all.get(random.nextInt(all.size())).key());
        }
        Instant created = Instant.ofEpochSecond(random.nextInt(3));
        var loader = new ManifestLoader(Clock.fixed(created, ZoneOffset.UTC));
        String manifest = manifests.next();
        LoadResult loaded =
                loader.loadTexts(List.of(SourceText.of("random.yaml", manifest)), LoadResult.EMPTY);
        return objects.with(loaded.objects().all());
    }

    private static List<String> answers(Compilation compiled, TestHead head) {
        List<String> answers = new ArrayList<>();
        for (Server server : compiled.snapshot().servers()) {
            for (Listener listener : server.listeners()) {
                RouteMatch match = listener.routes().match(head);
                answers.add(listener.routes().dependsOnBody(head) + " " + text(match));
            }
        }
        return answers;
    }

    private static String text(@Nullable RouteMatch match) {
        return match == null ? "none" : match.matchedPrefix() + " " + text(match.rule());
    }

    private static String text(RouteRule rule) {
        return List.of(
                        rule.id(),
                        rule.filters(),
                        rule.requestTimeout(),
                        rule.backendRequestTimeout(),
                        rule.retry(),
                        rule.mirrors().stream().map(mirror -> text(mirror.backend())).toList(),
                        weighted(
                                rule.backends(),
                                choice -> text(choice.backend()) + choice.filters()))
                .toString();
    }

    private static String text(Backend backend) {
        return switch (backend) {
            case Backend.ToPool to -> text(to.pool());
            case Backend.ToService(var name, var port, var choice) ->
                    name + ":" + port + weighted(choice, Object::toString);
            case Backend.Unresolved(var reason) -> reason;
        };
    }

    private static String text(Pool pool) {
        return List.of(
                        pool.key(),
                        pool.endpoints(),
                        pool.appProtocol(),
                        pool.failureMode(),
                        new TreeMap<>(pool.priorities()),
                        new TreeMap<>(pool.modelPriorities()),
                        pool.picker(),
                        text(pool.external()),
                        text(pool.rewrites()))
                .toString();
    }

    private static String text(@Nullable ExternalPicker picker) {
        return picker == null
                ? ""
                : List.of(
                                picker.service(),
                                picker.port(),
                                picker.endpoints(),
                                picker.security(),
                                picker.failOpen(),
                                picker.rotation().items())
                        .toString();
    }

    private static String text(ModelRewrites rewrites) {
        Map<String, String> rules = new TreeMap<>();
        rewrites.exact().forEach((model, rule) -> rules.put(model, text(rule)));
        return rules + " " + (rewrites.generic() == null ? "" : text(rewrites.generic()));
    }

    private static String text(ModelRewrites.Rule rule) {
        return rule.source() + weighted(rule.targets(), target -> target);
    }

    private static <T> String weighted(
            WeightedChoice<T> choice, java.util.function.Function<T, String> text) {
        return IntStream.range(0, choice.items().size())
                .mapToObj(i -> choice.weight(i) + " " + text.apply(choice.items().get(i)))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static Map<ObjectKey, String> pools(Compilation compiled) {
        return compiled.snapshot().pools().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> text(entry.getValue())));
    }

    private static List<String> servers(Compilation compiled) {
        List<String> texts = new ArrayList<>();
        for (Server server : compiled.snapshot().servers()) {
            for (Listener listener : server.listeners()) {
                texts.add(
                        List.of(
                                        server.address() + ":" + server.port() + server.protocol(),
                                        listener.gateway() + " " + listener.name(),
                                        String.valueOf(listener.hostname()),
                                        new TreeMap<>(listener.baseModels().byAdapter()),
                                        listener.baseModels().baseModels().stream()
                                                .sorted()
                                                .toList(),
                                        listener.headerRules().size(),
                                        listener.bodyLimitBytes(),
                                        listener.backends().stream()
                                                .map(IncrementalTest::text)
                                                .distinct()
                                                .sorted()
                                                .toList(),
                                        listener.models().list(_ -> List.of()))
                                .toString());
            }
        }
        return texts;
    }

    private static TestHead head(Random random) {
        TestHead head =
                TestHead.of(random.nextBoolean() ? "GET" : "POST", pick(random, PATHS))
                        .withHost(pick(random, HOSTS));
        if (random.nextBoolean()) {
            head = head.with("X-Gateway-Base-Model-Name", "m" + random.nextInt(3));
        }
        return random.nextBoolean() ? head : head.with("x-one", "1");
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
