package io.weir.bench.score;

import io.weir.picker.PoolPicker;

import java.time.Duration;
import java.util.function.Function;

/**
 * A way to pick endpoints.
 *
 * @param name name on the command line
 * @param title name for people
 * @param scrape time between two scrapes of a busy server
 * @param slowestScrape time between two scrapes of a server at rest
 * @param readsPrompts whether it looks at prompts; those of others are not written out
 * @param picker makes the picker of a run
 */
record Policy(
        String name,
        String title,
        Duration scrape,
        Duration slowestScrape,
        boolean readsPrompts,
        Function<PolicyContext, PoolPicker> picker) {}
