package io.weir.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a Linux process has used so far, from {@code /proc}.
 *
 * @param cpuMicros user and system CPU time in microseconds, all threads
 * @param residentBytes resident memory
 */
public record ProcessUsage(long cpuMicros, long residentBytes) {

    private static final long MICROS_PER_TICK = 10_000;
    private static final int UTIME = 11;
    private static final int RSS = 21;
    private static final long PAGE_BYTES = 4096;

    /** Returns what a process has used until now. */
    public static ProcessUsage of(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            long pages = Long.parseLong(fields(stat)[RSS]);
            return new ProcessUsage(ticks(stat) * MICROS_PER_TICK, pages * PAGE_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the CPU time that Java's compilers have used in a process until now, in microseconds:
     * what it becomes less of while it runs.
     */
    public static long compilerMicros(long pid) {
        long ticks = 0;
        try (DirectoryStream<Path> tasks =
                Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                String stat = statOf(task);
                if (stat.contains("(C1 CompilerThre") || stat.contains("(C2 CompilerThre")) {
                    ticks += ticks(stat);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ticks * MICROS_PER_TICK;
    }

    /** Returns nothing for a thread that has ended since it was listed. */
    private static String statOf(Path task) {
        try {
            return Files.readString(task.resolve("stat"));
        } catch (IOException _) {
            return "";
        }
    }

    /** The second field is the command in parentheses and may hold blanks. */
    private static String[] fields(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }

    private static long ticks(String stat) {
        String[] fields = fields(stat);
        return Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1]);
    }
}
