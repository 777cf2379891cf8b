package io.weir.bench.score;

import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;

import java.time.Duration;
import java.util.function.BiFunction;

/**
 * A way to pick endpoints.
 *
 * @param name name on the command line
 * @param title name for people
 * @param scrape time between two scrapes of a busy server
 * @param slowestScrape time between two scrapes of a server at rest
 * @param readsPrompts whether it looks at prompts; those of others are not written out
 * @param hearsAnswers whether it is told how long answers were
 * @param settings what the picker is configured with, now and whenever the pool changes
 * @param maker makes the picker of a run
 */
record Policy(
        String name,
        String title,
        Duration scrape,
        Duration slowestScrape,
        boolean readsPrompts,
        boolean hearsAnswers,
        PickerSettings settings,
        BiFunction<PolicyContext, PickerSettings, PoolPicker> maker) {

    PoolPicker picker(PolicyContext context) {
        return maker.apply(context, settings);
    }
}
