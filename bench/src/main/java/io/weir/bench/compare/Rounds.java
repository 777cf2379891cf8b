package io.weir.bench.compare;

import picocli.CommandLine.Option;

import java.time.Duration;

/** How long things are compared. */
public final class Rounds {

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds of each. Default: ${DEFAULT-VALUE}")
    private int count;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Length of a round. Default: ${DEFAULT-VALUE}")
    private int seconds;

    /** Returns how many rounds there are of each. */
    public int count() {
        return count;
    }

    /** Returns how long each takes. */
    public Duration length() {
        return Duration.ofSeconds(seconds);
    }
}
