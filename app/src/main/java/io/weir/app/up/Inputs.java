package io.weir.app.up;

import io.weir.app.CommandFailure;
import io.weir.app.files.FileChange;
import io.weir.app.files.FileWatcher;
import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.manifest.SourceText;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * The files that the program was given, and what they say.
 *
 * <p>After {@link #start} only the listener may ask.
 */
final class Inputs implements AutoCloseable {

    private static final Set<String> SUFFIXES = Set.of(".yaml", ".yml", ".json");

    private final Set<Path> endpointsFiles;
    private final FileWatcher watcher;
    private final Map<Path, String> unreadable = new HashMap<>();

    private Inputs(Set<Path> endpointsFiles, FileWatcher watcher) {
        this.endpointsFiles = endpointsFiles;
        this.watcher = watcher;
        remember(watcher.look());
    }

    static Inputs open(UpOptions options, InstantSource clock) throws CommandFailure {
        List<Path> roots = new ArrayList<>(options.endpointsFiles());
        roots.addAll(options.manifests());
        for (Path root : roots) {
            if (!Files.exists(root)) {
                throw new CommandFailure(root + ": no such file or folder");
            }
        }
        try {
            FileWatcher watcher = new FileWatcher(roots, SUFFIXES, clock);
            return new Inputs(new HashSet<>(options.endpointsFiles()), watcher);
        } catch (IOException e) {
            throw new CommandFailure("can't watch files: " + e.getMessage());
        }
    }

    /** Calls a listener whenever some file says something else, with the time of the first sign. */
    void start(LongConsumer listener) {
        watcher.start((changes, noticedNanos) -> {
            remember(changes);
            listener.accept(noticedNanos);
        });
    }

    private void remember(List<FileChange> changes) {
        for (FileChange change : changes) {
            switch (change) {
                case FileChange.Unreadable(Path file, String reason) ->
                        unreadable.put(file, reason);
                case FileChange.Written(Path file) -> unreadable.remove(file);
                case FileChange.Removed(Path file) -> unreadable.remove(file);
            }
        }
    }

    /** Returns the manifests. */
    List<SourceText> manifests() {
        List<SourceText> texts = new ArrayList<>();
        watcher.contents()
                .forEach((file, content) -> {
                    if (!endpointsFiles.contains(file)) {
                        texts.add(new SourceText(file.toString(), content));
                    }
                });
        return texts;
    }

    /** Returns the endpoints files. */
    Map<Path, byte[]> endpoints() {
        Map<Path, byte[]> found = new LinkedHashMap<>(watcher.contents());
        found.keySet().retainAll(endpointsFiles);
        return found;
    }

    /** Returns the files that can't be read, which go on saying what they said before. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        unreadable.forEach((file, reason) ->
                problems.add(
                        new Problem(
                                Severity.ERROR,
                                new Origin(file.toString(), 0),
                                "",
                                "",
                                "can't be read: " + reason)));
        return problems;
    }

    @Override
    public void close() {
        try {
            watcher.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
