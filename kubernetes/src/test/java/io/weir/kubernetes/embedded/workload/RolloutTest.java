package io.weir.kubernetes.embedded.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.workload.Rollout.Limits;
import io.weir.kubernetes.embedded.workload.Rollout.Size;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

/** Steps of rolling updates. */
final class RolloutTest {

    private static Limits limits(String surge, String unavailable, int replicas) {
        ObjectNode deployment = Trees.object();
        ObjectNode rolling =
                Trees.child(
                        Trees.child(Trees.child(deployment, "spec"), "strategy"), "rollingUpdate");
        rolling.put("maxSurge", surge).put("maxUnavailable", unavailable);
        return Limits.of(deployment, replicas);
    }

    @Test
    void roundsTheSurgeUpAndWhatMayBeMissingDown() {
        assertThat(limits("25%", "25%", 10)).isEqualTo(new Limits(3, 2));
        assertThat(limits("25%", "25%", 1)).isEqualTo(new Limits(1, 0));
        assertThat(limits("2", "1", 10)).isEqualTo(new Limits(2, 1));
        assertThat(limits("0", "1%", 10)).as("one Pod can always go").isEqualTo(new Limits(0, 1));
    }

    @Test
    void startsAllPodsOfANewDeployment() {
        assertThat(Rollout.step(4, new Limits(1, 0), new Size(0, 0), List.of()).current())
                .isEqualTo(4);
    }

    @Test
    void addsAsManyPodsAsTheSurgeAllowsAndTakesNoneThatIsNeeded() {
        Rollout step = Rollout.step(4, new Limits(1, 0), new Size(0, 0), List.of(new Size(4, 4)));
        assertThat(step).isEqualTo(new Rollout(1, List.of(4)));

        Rollout next = Rollout.step(4, new Limits(1, 0), new Size(1, 1), List.of(new Size(4, 4)));
        assertThat(next).isEqualTo(new Rollout(1, List.of(3)));
    }

    @Test
    void takesPodsFirstWhenNoneMayBeAdded() {
        Rollout step = Rollout.step(4, new Limits(0, 2), new Size(0, 0), List.of(new Size(4, 4)));
        assertThat(step).isEqualTo(new Rollout(0, List.of(2)));
    }

    @Test
    void takesPodsThatDoNotServeFirst() {
        Rollout step =
                Rollout.step(
                        4,
                        new Limits(1, 1),
                        new Size(1, 0),
                        List.of(new Size(1, 0), new Size(3, 3)));
        assertThat(step).isEqualTo(new Rollout(1, List.of(0, 3)));
    }

    @Test
    void scalesDownWhatIsTooMuch() {
        assertThat(Rollout.step(2, new Limits(1, 0), new Size(5, 5), List.of()).current())
                .isEqualTo(2);
    }

    @Test
    void alwaysEndsAndNeverLeavesTheLimits() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            int wanted = random.nextInt(1, 12);
            int surge = random.nextInt(0, 4);
            Limits limits = new Limits(surge, surge == 0 ? 1 : random.nextInt(0, 3));
            String subject = "seed " + seed + ", " + wanted + " " + limits;
            Size current = new Size(0, 0);
            List<Size> old = List.of(new Size(wanted, wanted));
            int steps = 0;
            while (current.available() < wanted || old.getFirst().wanted() > 0) {
                Rollout step = Rollout.step(wanted, limits, current, old);
                int oldPods = step.old().getFirst();
                assertThat(step.current() + oldPods)
                        .as(subject)
                        .isLessThanOrEqualTo(wanted + limits.surge());
                assertThat(current.available() + oldPods)
                        .as(subject)
                        .isGreaterThanOrEqualTo(wanted - limits.unavailable());
                int available = Math.min(step.current(), current.available() + random.nextInt(2));
                current = new Size(step.current(), available);
                old = List.of(new Size(oldPods, oldPods));
                assertThat(++steps).as(subject).isLessThan(1_000);
            }
        }
    }
}
