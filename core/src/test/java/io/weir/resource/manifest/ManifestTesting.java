package io.weir.resource.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.resource.Problem;
import io.weir.resource.Resource;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Shortcuts for tests of manifests. */
final class ManifestTesting {

    static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private ManifestTesting() {}

    static ManifestLoader loader() {
        return new ManifestLoader(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    static LoadResult load(String text) {
        return loader().loadTexts(List.of(SourceText.of("file.yaml", text)), LoadResult.EMPTY);
    }

    /** Loads a text that holds one object without problems. */
    static <T extends Resource> T one(Class<T> type, String text) {
        LoadResult result = load(text);
        if (!result.problems().isEmpty() || result.objects().all(type).size() != 1) {
            throw new AssertionError(result);
        }
        return result.objects().all(type).getFirst();
    }

    static List<String> problems(String text) {
        return load(text).problems().stream().map(Problem::toString).toList();
    }

    static Manifests read(String text) {
        return new ManifestReader().read("file.yaml", text.getBytes(UTF_8));
    }
}
