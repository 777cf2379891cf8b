package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Replacing a pool by editing weights while clients go on. */
class ReplacePoolTest {

    private static final int REQUESTS_PER_SECOND = 200;
    private static final Pattern WEIGHTS =
            Pattern.compile("(name: llm-pool-v1\\s+weight: )\\d+(.*weight: )\\d+", Pattern.DOTALL);

    @TempDir Path folder;

    @Test
    void weightsChangeUnderLoadWithoutAFailedRequestOrACutStream() throws Exception {
        WeirRunner.copyOf("replace-a-pool", folder);
        List<Long> millis = new ArrayList<>();
        try (WeirRunner weir = WeirRunner.up("-f", folder.toString());
                Traffic traffic = Traffic.start(weir, REQUESTS_PER_SECOND)) {
            traffic.await(100);
            assertSplit(traffic, 90);

            millis.add(edit(weir, 50, 50));
            assertSplit(traffic, 50);
            millis.add(edit(weir, 0, 100));
            assertSplit(traffic, 0);
            millis.add(edit(weir, 90, 10));
            assertSplit(traffic, 90);

            traffic.stop();
            assertThat(traffic.failures()).isEmpty();
            assertThat(traffic.completeStreams()).isPositive().isEqualTo(traffic.streams());
        }
        // The machine may be busy for a moment; most edits must not be.
        assertThat(millis.stream().sorted().toList().get(1))
                .as("time from save to effect in ms, of %s", millis)
                .isLessThanOrEqualTo(250);
    }

    /** Edits the route as a user would, and returns how long it took until it was in force. */
    private long edit(WeirRunner weir, int first, int second) throws Exception {
        Path route = folder.resolve("httproute.yaml");
        String text = withWeights(Files.readString(route), first, second);
        int lines = weir.out().length();
        long saved = System.nanoTime();
        Files.writeString(route, text);
        while (!weir.out().substring(lines).contains("llm-route changed, in force after")) {
            assertThat(System.nanoTime() - saved).as("in force at all").isLessThan(10_000_000_000L);
            Thread.sleep(1);
        }
        return (System.nanoTime() - saved) / 1_000_000;
    }

    /** Returns the text of the route with other weights. */
    static String withWeights(String text, int first, int second) {
        return WEIGHTS.matcher(text).replaceFirst("$1" + first + "$2" + second);
    }

    /** Looks at the next 200 choices. */
    private static void assertSplit(Traffic traffic, int firstPercent) throws Exception {
        Traffic.Split split = traffic.nextSplit(REQUESTS_PER_SECOND, "llm-v1-");

        assertThat(split.first() * 100.0 / split.all())
                .as("%s of which to the first pool", split)
                .isBetween(firstPercent - 2.0, firstPercent + 2.0);
    }
}
