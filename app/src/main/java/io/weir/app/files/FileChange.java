package io.weir.app.files;

import java.nio.file.Path;

/** What happened to one file since the last look. */
public sealed interface FileChange {

    /** Returns the file, named the way that the user named it. */
    Path file();

    /**
     * The file is new or says something else.
     *
     * @param file the file
     */
    record Written(Path file) implements FileChange {}

    /**
     * The file is gone.
     *
     * @param file the file
     */
    record Removed(Path file) implements FileChange {}

    /**
     * The file is there but can't be read; what it said before goes on counting.
     *
     * @param file the file
     * @param reason why
     */
    record Unreadable(Path file, String reason) implements FileChange {}
}
