package io.weir.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
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
            // The second field is the command in parentheses and may hold blanks.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1]);
            long pages = Long.parseLong(fields[RSS]);
            return new ProcessUsage(ticks * MICROS_PER_TICK, pages * PAGE_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
