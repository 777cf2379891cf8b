package io.weir.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

class BodyBudgetTest {

    private static final int MEGA = 1 << 20;

    @Test
    void theBudgetIsSharedByAllLoops() {
        BodyBudget budget = new BodyBudget(4 * MEGA);
        BodyBudget.Share one = budget.share();
        BodyBudget.Share other = budget.share();

        assertThat(one.take(3 * MEGA)).isTrue();
        assertThat(other.hasRoomFor(MEGA / 2)).isTrue();
        assertThat(other.hasRoomFor(2 * MEGA)).isFalse();
        assertThat(other.take(2 * MEGA)).isFalse();
        other.giveBack(2 * MEGA);
        one.giveBack(3 * MEGA);

        assertThat(other.hasRoomFor(3 * MEGA)).isTrue();
        assertThat(other.take(3 * MEGA)).isTrue();
    }

    @Test
    void theLastByteOfTheBudgetCanBeTaken() {
        BodyBudget.Share share = new BodyBudget(1000).share();
        assertThat(share.take(999)).isTrue();
        assertThat(share.take(1)).isTrue();
        assertThat(share.hasRoomFor(1)).isFalse();
        assertThat(share.take(1)).isFalse();
        share.giveBack(1);
        assertThat(share.usedBytes()).isEqualTo(1000);
    }

    @Test
    void nothingIsLostWhateverIsTakenAndGivenBack() {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        BodyBudget budget = new BodyBudget(64L * MEGA);
        List<BodyBudget.Share> shares = List.of(budget.share(), budget.share(), budget.share());
        List<List<Integer>> held = new ArrayList<>();
        shares.forEach(_ -> held.add(new ArrayList<>()));
        for (int i = 0; i < 20_000; i++) {
            int at = random.nextInt(shares.size());
            if (random.nextBoolean()) {
                int bytes = random.nextInt(MEGA);
                shares.get(at).take(bytes);
                held.get(at).add(bytes);
            } else if (!held.get(at).isEmpty()) {
                shares.get(at).giveBack(held.get(at).removeLast());
            }
        }
        for (int at = 0; at < shares.size(); at++) {
            BodyBudget.Share share = shares.get(at);
            held.get(at).forEach(bytes -> share.giveBack(bytes));
            assertThat(share.usedBytes()).as("seed %d", seed).isZero();
        }
        // Each loop may keep two blocks.
        assertThat(budget.share().hasRoomFor(62L * MEGA)).as("seed %d", seed).isTrue();
    }
}
