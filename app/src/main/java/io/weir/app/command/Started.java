package io.weir.app.command;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How long the program took to start. */
final class Started {

    private Started() {}

    /** Returns for instance {@code (after 0.8 s)}, counted from the start of the process. */
    static String ago() {
        return ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()).toMillis())
                .map(millis -> String.format(Locale.ROOT, "(after %.1f s)", millis / 1000.0))
                .orElse("");
    }
}
