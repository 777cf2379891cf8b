package io.weir.bench.score;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Markdown page of which one part is written by the program and the rest by people. */
final class Page {

    private static final String BEGIN = "<!-- results: begin -->";
    private static final String END = "<!-- results: end -->";

    private Page() {}

    /** Replaces the part between the marks; writes a page of it alone when there is none. */
    static void write(Path file, List<Table> tables) throws IOException {
        StringBuilder part = new StringBuilder(BEGIN).append("\n\n");
        tables.forEach(table -> part.append(table.markdown()).append('\n'));
        part.append(END);
        String old = Files.exists(file) ? Files.readString(file) : BEGIN + END + "\n";
        int begin = old.indexOf(BEGIN);
        int end = old.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(file + ": has no marks " + BEGIN + " and " + END);
        }
        Files.writeString(file, old.substring(0, begin) + part + old.substring(end + END.length()));
    }
}
