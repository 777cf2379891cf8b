package io.weir.resource.manifest;

import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.Resource;
import io.weir.resource.manifest.DecodeResult.Decoded;
import io.weir.resource.manifest.DecodeResult.Refused;
import io.weir.resource.manifest.DecodeResult.Unknown;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Loads manifests from files, directories and texts.
 *
 * <p>Loading again takes what was loaded before into account: an object keeps the time at which it
 * was first seen, and one that is refused now, or whose document can't be read, stays as it was.
 * Objects that are simply gone from the files are gone.
 */
public final class ManifestLoader {

    private final Clock clock;
    private final ManifestReader reader;

    /**
     * Makes a loader.
     *
     * @param clock tells when objects without a creation time were first seen
     */
    public ManifestLoader(Clock clock) {
        this.clock = clock;
        this.reader = new ManifestReader();
    }

    /** Loads files and directories. */
    public LoadResult load(List<Path> paths) {
        return load(paths, LoadResult.EMPTY);
    }

    /**
     * Loads files and directories again.
     *
     * @param previous what was loaded before
     */
    public LoadResult load(List<Path> paths, LoadResult previous) {
        ManifestFiles.Texts read = ManifestFiles.read(paths);
        Loading loading = new Loading(previous);
        read.problems().forEach(loading::unreadable);
        read.texts().forEach(loading::add);
        return loading.finish();
    }

    /** Loads texts, for instance from a pipe. */
    public LoadResult loadTexts(List<SourceText> texts, LoadResult previous) {
        Loading loading = new Loading(previous);
        texts.forEach(loading::add);
        return loading.finish();
    }

    /** One load. */
    private final class Loading {
        private final LoadResult previous;
        private final ResourceDecoder decoder;
        private final ObjectSet.Builder objects = ObjectSet.builder();
        private final List<Problem> problems = new ArrayList<>();
        private final List<Unknown> skipped = new ArrayList<>();
        private final Map<ObjectKey, Manifest> manifests = new HashMap<>();
        private final Set<ObjectKey> refused = new HashSet<>();
        private final Set<String> damaged = new HashSet<>();

        Loading(LoadResult previous) {
            this.previous = previous;
            Instant now = clock.instant();
            this.decoder =
                    new ResourceDecoder(key ->
                            previous.objects()
                                    .find(key)
                                    .map(resource -> resource.metadata().createdAt())
                                    .orElse(now));
        }

        void unreadable(Problem problem) {
            problems.add(problem);
            damaged.add(problem.origin().source());
        }

        void add(SourceText text) {
            Manifests read = reader.read(text.name(), text.content());
            problems.addAll(read.problems());
            if (read.problems().stream().anyMatch(p -> p.severity() == Severity.ERROR)) {
                damaged.add(text.name());
            }
            for (Manifest manifest : read.objects()) {
                add(manifest);
            }
        }

        private void add(Manifest manifest) {
            switch (decoder.decode(manifest)) {
                case Decoded decoded -> {
                    problems.addAll(decoded.warnings());
                    add(decoded.resource(), manifest);
                }
                case Refused bad -> {
                    problems.addAll(bad.problems());
                    if (bad.key() == null) {
                        damaged.add(manifest.lines().source());
                    } else {
                        refused.add(bad.key());
                    }
                }
                case Unknown unknown -> skipped.add(unknown);
            }
        }

        private void add(Resource resource, Manifest manifest) {
            objects.add(resource)
                    .ifPresentOrElse(problems::add, () -> manifests.put(resource.key(), manifest));
        }

        LoadResult finish() {
            for (Resource old : previous.objects().all()) {
                ObjectKey key = old.key();
                boolean spoilt =
                        refused.contains(key) || damaged.contains(old.metadata().origin().source());
                if (spoilt && !objects.contains(key)) {
                    keep(old);
                }
            }
            return new LoadResult(objects.build(), problems, skipped, manifests);
        }

        private void keep(Resource old) {
            objects.put(old);
            Manifest manifest = previous.manifests().get(old.key());
            if (manifest != null) {
                manifests.put(old.key(), manifest);
            }
            problems.add(
                    new Problem(
                            Severity.WARNING,
                            old.metadata().origin(),
                            old.key().toString(),
                            "",
                            "stays as it was loaded before"));
        }
    }
}
