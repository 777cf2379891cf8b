package io.weir.bench.score;

import java.io.PrintStream;
import java.util.Locale;

/** A bar that grows on a terminal, and a line now and then elsewhere. */
final class Progress {

    private static final int WIDTH = 40;
    private static final long QUIET_NANOS = 30_000_000_000L;

    private final PrintStream out;
    private final boolean isTerminal;
    private final int total;
    private final long begunNanos = System.nanoTime();
    private long saidNanos = begunNanos;
    private int done;

    Progress(PrintStream out, boolean isTerminal, int total, int done) {
        this.out = out;
        this.isTerminal = isTerminal;
        this.total = total;
        this.done = done;
    }

    void step(String what) {
        done++;
        long now = System.nanoTime();
        double seconds = (now - begunNanos) / 1e9;
        if (isTerminal) {
            int filled = WIDTH * done / Math.max(1, total);
            out.printf(
                    Locale.ROOT,
                    "\r[%s%s] %d/%d %.0f s  %-40.40s",
                    "#".repeat(filled),
                    " ".repeat(WIDTH - filled),
                    done,
                    total,
                    seconds,
                    what);
            out.flush();
        } else if (now - saidNanos > QUIET_NANOS) {
            saidNanos = now;
            out.printf(Locale.ROOT, "%d of %d after %.0f s%n", done, total, seconds);
        }
    }

    void end() {
        if (isTerminal) {
            out.print("\r" + " ".repeat(WIDTH + 70) + "\r");
            out.flush();
        }
    }
}
