package io.weir.app.files;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files and folders of files, and what each file said at the last look.
 *
 * <p>Many programs save by removing or emptying the old file first. So a file that vanishes, or
 * becomes empty, keeps what it said for a moment, in case it comes back.
 *
 * <p>Not thread-safe.
 */
final class WatchedFiles {

    /** How long a vanished file may take to come back. */
    static final Duration VANISHED_GRACE = Duration.ofMillis(100);

    /** How long an emptied file may take to be filled. */
    static final Duration EMPTIED_GRACE = Duration.ofSeconds(1);

    private final List<Path> roots;
    private final Set<String> suffixes;
    private final InstantSource clock;
    private final Map<Path, Known> known = new HashMap<>();
    private boolean pending;

    /**
     * Creates a set that has seen no file yet.
     *
     * @param roots files, and folders whose files count, and those of their subfolders, when they
     *     have one of the suffixes and are not hidden
     * @param suffixes for instance {@code .yaml}
     * @param clock tells how long a file has been gone
     */
    WatchedFiles(List<Path> roots, Set<String> suffixes, InstantSource clock) {
        this.roots = List.copyOf(roots);
        this.suffixes = Set.copyOf(suffixes);
        this.clock = clock;
    }

    /** Looks at all files and returns what has changed since the last look, in order of files. */
    List<FileChange> refresh() {
        List<FileChange> changes = new ArrayList<>();
        pending = false;
        Set<Path> present = list();
        for (Path file : present) {
            FileChange change = look(file);
            if (change != null) {
                changes.add(change);
            }
        }
        known.entrySet().removeIf(entry -> isGone(entry.getKey(), entry.getValue(), changes));
        return changes;
    }

    /** Returns what each file said last, by file: folder by folder, sorted within each. */
    Map<Path, byte[]> contents() {
        Map<Path, byte[]> contents = new LinkedHashMap<>();
        known.keySet().stream()
                .sorted(Comparator.comparingInt(this::rootOf).thenComparing(file -> file))
                .forEach(file -> contents.put(file, requireNonNull(known.get(file)).content));
        return contents;
    }

    private int rootOf(Path file) {
        for (int i = 0; i < roots.size(); i++) {
            if (file.startsWith(roots.get(i))) {
                return i;
            }
        }
        return roots.size();
    }

    /** Returns whether a file is in its grace period, so that another look is worth it soon. */
    boolean isPending() {
        return pending;
    }

    /** Returns the folders in which something happens when one of the files changes. */
    Set<Path> folders() {
        Set<Path> folders = new LinkedHashSet<>();
        for (Path root : roots) {
            addFolders(root, folders);
        }
        known.keySet().forEach(file -> addFolders(file, folders));
        return folders;
    }

    private static void addFolders(Path path, Set<Path> folders) {
        addFolder(parentOf(path), folders);
        if (Files.isDirectory(path)) {
            addFolder(path, folders);
            subfolders(path).forEach(folder -> addFolder(folder, folders));
        }
        try {
            addFolder(parentOf(path.toRealPath()), folders);
        } catch (IOException e) {
            // Gone just now: its own folder is watched, which will tell when it is back.
        }
    }

    private static void addFolder(Path folder, Set<Path> folders) {
        try {
            folders.add(folder.toRealPath());
        } catch (IOException e) {
            // A folder that does not exist can't be watched; the slow poll will find it.
        }
    }

    private static Path parentOf(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? path.toAbsolutePath() : parent;
    }

    private Set<Path> list() {
        Set<Path> files = new LinkedHashSet<>();
        for (Path root : roots) {
            if (Files.isDirectory(root)) {
                files.addAll(filesOf(root));
            } else if (Files.exists(root)) {
                files.add(root);
            }
        }
        return files;
    }

    private List<Path> filesOf(Path folder) {
        return Stream.concat(Stream.of(folder), subfolders(folder).stream())
                .flatMap(each -> entries(each).stream())
                .filter(entry -> suffixes.stream().anyMatch(entry.toString()::endsWith))
                .filter(Files::isRegularFile)
                .sorted()
                .toList();
    }

    private static List<Path> subfolders(Path folder) {
        return entries(folder).stream().filter(Files::isDirectory).toList();
    }

    /** Returns what is in a folder, without hidden entries. */
    private static List<Path> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !String.valueOf(entry.getFileName()).startsWith("."))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private @Nullable FileChange look(Path file) {
        Known before = known.get(file);
        try {
            Stamp stamp = Stamp.of(file);
            if (before != null && stamp.equals(before.stamp)) {
                before.missingSinceMillis = 0;
                return null;
            }
            return compare(file, before, stamp, Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            return unreadable(file, before, reason(e));
        }
    }

    private @Nullable FileChange compare(
            Path file, @Nullable Known before, Stamp stamp, byte[] content) {
        if (before != null
                && isBlank(content)
                && !isBlank(before.content)
                && inGrace(before, EMPTIED_GRACE)) {
            return null;
        }
        known.put(file, new Known(stamp, content, ""));
        boolean same =
                before != null
                        && before.complaint.isEmpty()
                        && Arrays.equals(before.content, content);
        return same ? null : new FileChange.Written(file);
    }

    private static boolean isBlank(byte[] content) {
        for (byte b : content) {
            if (b > ' ' || b < 0) {
                return false;
            }
        }
        return true;
    }

    private @Nullable FileChange unreadable(Path file, @Nullable Known before, String reason) {
        boolean told = before != null && before.complaint.equals(reason);
        byte[] content = before == null ? new byte[0] : before.content;
        known.put(file, new Known(Stamp.NONE, content, reason));
        return told ? null : new FileChange.Unreadable(file, reason);
    }

    private boolean isGone(Path file, Known state, List<FileChange> changes) {
        if (Files.exists(file) || inGrace(state, VANISHED_GRACE)) {
            return false;
        }
        changes.add(new FileChange.Removed(file));
        return true;
    }

    private boolean inGrace(Known state, Duration grace) {
        long now = clock.millis();
        if (state.missingSinceMillis == 0) {
            state.missingSinceMillis = now;
        }
        boolean waiting = now - state.missingSinceMillis < grace.toMillis();
        pending |= waiting;
        return waiting;
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** What tells cheaply that a file was not written since. */
    private record Stamp(FileTime modified, long bytes, @Nullable Object identity) {

        static final Stamp NONE = new Stamp(FileTime.fromMillis(0), -1, null);

        static Stamp of(Path file) throws IOException {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(
                    attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }

    private static final class Known {

        final Stamp stamp;
        final byte[] content;
        final String complaint;
        long missingSinceMillis;

        Known(Stamp stamp, byte[] content, String complaint) {
            this.stamp = stamp;
            this.content = content;
            this.complaint = complaint;
        }
    }
}
