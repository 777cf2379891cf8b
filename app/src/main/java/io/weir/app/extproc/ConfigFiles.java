package io.weir.app.extproc;

import io.weir.app.CommandFailure;
import io.weir.app.files.FileWatcher;
import io.weir.app.up.FileEndpoints;
import io.weir.resource.manifest.LoadResult;
import io.weir.resource.manifest.ManifestLoader;
import io.weir.resource.manifest.SourceText;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Manifests and endpoints files, watched for changes. After {@link #start} it is used by the
 * watcher's thread alone.
 */
public final class ConfigFiles implements AutoCloseable {

    private static final Set<String> SUFFIXES = Set.of(".yaml", ".yml", ".json");

    private final Set<Path> endpointsFiles;
    private final FileWatcher watcher;
    private final ManifestLoader loader = new ManifestLoader(Clock.systemUTC());
    private LoadResult loaded = LoadResult.EMPTY;

    private ConfigFiles(Set<Path> endpointsFiles, FileWatcher watcher) {
        this.endpointsFiles = endpointsFiles;
        this.watcher = watcher;
    }

    /**
     * Opens files.
     *
     * @throws CommandFailure when one does not exist
     */
    public static ConfigFiles open(List<Path> manifests, List<Path> endpointsFiles)
            throws CommandFailure {
        List<Path> roots = new ArrayList<>(endpointsFiles);
        roots.addAll(manifests);
        for (Path root : roots) {
            if (!Files.exists(root)) {
                throw new CommandFailure(root + ": no such file or folder");
            }
        }
        try {
            FileWatcher watcher = new FileWatcher(roots, SUFFIXES, Clock.systemUTC());
            watcher.look();
            return new ConfigFiles(new HashSet<>(endpointsFiles), watcher);
        } catch (IOException e) {
            throw new CommandFailure("can't watch files: " + e.getMessage());
        }
    }

    /** Hands over what the files say, now and whenever they say something else. */
    public void start(BiConsumer<LoadResult, FileEndpoints> listener) {
        read(listener);
        watcher.start((_, _) -> read(listener));
    }

    private void read(BiConsumer<LoadResult, FileEndpoints> listener) {
        List<SourceText> texts = new ArrayList<>();
        Map<Path, byte[]> servers = new LinkedHashMap<>();
        watcher.contents()
                .forEach((file, content) -> {
                    if (endpointsFiles.contains(file)) {
                        servers.put(file, content);
                    } else {
                        texts.add(new SourceText(file.toString(), content));
                    }
                });
        loaded = loader.loadTexts(texts, loaded);
        listener.accept(loaded, FileEndpoints.read(servers));
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
