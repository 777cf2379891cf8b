package io.weir.kubernetes.embedded.engine;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Times, uids and random names, from a clock and a generator that tests can set. */
public final class Clockwork {

    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param random used by all threads
     */
    public Clockwork(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** Returns the time. */
    public Instant instant() {
        return clock.instant();
    }

    /** Returns the time in whole seconds, as objects have it. */
    public String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Returns a new uid. */
    public String uid() {
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    /** Returns five letters and digits that don't make words. */
    public String suffix() {
        StringBuilder text = new StringBuilder(5);
        for (int i = 0; i < 5; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
