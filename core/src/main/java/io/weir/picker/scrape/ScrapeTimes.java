package io.weir.picker.scrape;

import java.time.Duration;

/**
 * How often servers are asked.
 *
 * @param busy between scrapes of a server that has requests
 * @param idle between scrapes of a server that has had none for long
 * @param unanswered between attempts at a server that cannot be reached, or has no metrics, at most
 * @param models between looks at the list of models
 * @param silence how long a server may take to accept a connection, and between bytes of an answer;
 *     a whole answer may take five times as long
 */
public record ScrapeTimes(
        Duration busy, Duration idle, Duration unanswered, Duration models, Duration silence) {

    /** 50 ms, 1 s, 5 s, 10 s and 1 s. */
    public static final ScrapeTimes DEFAULT =
            new ScrapeTimes(
                    Duration.ofMillis(50),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(1));

    public ScrapeTimes {
        if (busy.isNegative() || busy.isZero() || idle.compareTo(busy) < 0) {
            throw new IllegalArgumentException(
                    "busy, idle: " + busy + ", " + idle + " (expected: 0 < busy <= idle)");
        }
    }
}
