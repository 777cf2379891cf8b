package io.weir.resource.manifest;

import io.weir.resource.Origin;
import io.weir.resource.Problem;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds and reads manifest files. */
public final class ManifestFiles {

    private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");

    private final Limits limits;
    private final List<SourceText> texts = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private ManifestFiles(Limits limits) {
        this.limits = limits;
    }

    /**
     * What was read.
     *
     * @param texts the files, sorted within each directory
     * @param problems files that could not be read; their names are the sources
     */
    public record Texts(List<SourceText> texts, List<Problem> problems) {
        public Texts {
            texts = List.copyOf(texts);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads files and directories. Of a directory: {@code *.yaml}, {@code *.yml} and {@code *.json}
     * in it and in its subdirectories (one level), without those whose name begins with a dot.
     */
    public static Texts read(List<Path> paths) {
        ManifestFiles files = new ManifestFiles(Limits.DEFAULT);
        paths.forEach(files::add);
        return new Texts(files.texts, files.problems);
    }

    private void add(Path path) {
        if (!Files.isDirectory(path)) {
            addFile(path);
            return;
        }
        List<Path> found = new ArrayList<>();
        list(path, found, 1);
        if (found.isEmpty()) {
            problem(path, "no manifests (expected: *.yaml, *.yml or *.json files)");
        }
        found.stream().sorted().forEach(this::addFile);
    }

    private void list(Path directory, List<Path> found, int levels) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (name.startsWith(".")) {
                    continue;
                }
                if (!Files.isDirectory(entry)) {
                    if (ENDINGS.stream().anyMatch(name::endsWith)) {
                        found.add(entry);
                    }
                } else if (levels > 0) {
                    list(entry, found, levels - 1);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            problem(directory, "can't be listed: " + e);
        }
    }

    private void addFile(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(limits.textBytes() + 1);
            texts.add(new SourceText(file.toString(), content));
        } catch (NoSuchFileException e) {
            problem(file, "no such file");
        } catch (AccessDeniedException e) {
            problem(file, "may not be read (check its permissions)");
        } catch (IOException e) {
            problem(file, "can't be read: " + e.getMessage());
        }
    }

    private void problem(Path path, String message) {
        problems.add(
                new Problem(
                        Problem.Severity.ERROR, new Origin(path.toString(), 0), "", "", message));
    }
}
