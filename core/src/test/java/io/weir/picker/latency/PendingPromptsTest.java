package io.weir.picker.latency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

class PendingPromptsTest {

    private static final long MILLI = 1_000_000;

    private final PendingPrompts prompts = new PendingPrompts();
    private final double[] tokens = new double[PendingPrompts.SIZE + 1];
    private final double[] sent = new double[PendingPrompts.SIZE + 1];

    @Test
    void areToldNewestFirstBehindWhatIsThere() {
        prompts.add(100, 1 * MILLI);
        prompts.add(200, 3 * MILLI);

        int end = prompts.copy(tokens, sent, 1, 10 * MILLI);

        assertThat(end).isEqualTo(3);
        assertThat(Arrays.copyOf(tokens, end)).containsExactly(0, 200, 100);
        assertThat(Arrays.copyOf(sent, end)).containsExactly(0, -7, -9);
    }

    @Test
    void leaveInAnyOrderAndOnlyOnce() {
        long first = prompts.add(100, 0);
        long second = prompts.add(200, 0);
        prompts.add(300, 0);

        prompts.remove(second);
        prompts.remove(second);
        prompts.remove(first);

        assertThat(copied()).containsExactly(300);
    }

    @Test
    void aPromptThatIsWhollyInTheCacheIsOneTokenOfWork() {
        prompts.add(0, 0);

        assertThat(copied()).containsExactly(1);
    }

    @Test
    void theOldestAreForgottenWhenThereAreTooMany() {
        long oldest = prompts.add(7, 0);
        for (int i = 0; i < PendingPrompts.SIZE; i++) {
            prompts.add(1000 + i, 0);
        }
        prompts.remove(oldest);

        assertThat(copied())
                .hasSize(PendingPrompts.SIZE)
                .startsWith(1000 + PendingPrompts.SIZE - 1)
                .endsWith(1000);
    }

    @Test
    void noneIsLeftAfterManyThreadsAreDone() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 6; t++) {
            SplittableRandom random = new SplittableRandom(t);
            threads.add(Thread.ofPlatform().start(() -> addAndRemove(random)));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(prompts.count()).isZero();
        assertThat(copied()).isEmpty();
    }

    private void addAndRemove(SplittableRandom random) {
        List<Long> mine = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            // Six threads have 120 prompts at most.
            if (mine.size() == 20 || (!mine.isEmpty() && random.nextBoolean())) {
                prompts.remove(mine.remove(random.nextInt(mine.size())));
            } else {
                mine.add(prompts.add(random.nextInt(1, 5000), i));
            }
        }
        mine.forEach(prompts::remove);
    }

    private double[] copied() {
        return Arrays.copyOf(tokens, prompts.copy(tokens, sent, 0, 0));
    }
}
