package io.weir.picker.latency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotLimitTest {

    private final SlotLimit limit = new SlotLimit();
    private long taken;

    @Test
    void isWhatTheServerNeverExceedsWhileOthersWait() {
        scrapes(10, 200, 2);
        scrapes(1, 256, 4);
        assertThat(limit.slots()).isGreaterThan(256);

        scrapes(5, 256, 4);

        assertThat(limit.slots()).isEqualTo(256);
    }

    @Test
    void isNoneWhereNobodyWaits() {
        scrapes(100, 256, 0);

        assertThat(limit.slots()).isEqualTo(SlotLimit.NONE);
    }

    @Test
    void isForgottenWhenTheServerWorksOnMore() {
        scrapes(10, 40, 1);
        assertThat(limit.slots()).isEqualTo(40);

        scrapes(1, 41, 1);

        assertThat(limit.slots()).isEqualTo(SlotLimit.NONE);
    }

    @Test
    void oneScrapeCountsOnceHoweverOftenItIsSeen() {
        for (int i = 0; i < 100; i++) {
            limit.learn(77, 256, 9);
        }

        assertThat(limit.slots()).isEqualTo(SlotLimit.NONE);
    }

    private void scrapes(int count, int running, int waiting) {
        for (int i = 0; i < count; i++) {
            limit.learn(++taken, running, waiting);
        }
    }
}
