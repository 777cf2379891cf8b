package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import java.util.ArrayList;
import java.util.List;

/**
 * The next step of a rolling update: how many Pods each ReplicaSet should have now.
 *
 * @param current Pods of the present template
 * @param old Pods of the others, in the order in which they were given
 */
record Rollout(int current, List<Integer> old) {

    Rollout {
        old = List.copyOf(old);
    }

    /**
     * A ReplicaSet.
     *
     * @param wanted Pods that it was asked to have
     * @param available Pods that serve
     */
    record Size(int wanted, int available) {}

    /**
     * How far a rollout may stray from the wanted number of Pods.
     *
     * @param surge Pods that there may be more
     * @param unavailable Pods that may be missing
     */
    record Limits(int surge, int unavailable) {

        /** Reads the strategy of a Deployment; a rollout can always go on by one Pod. */
        static Limits of(ObjectNode deployment, int replicas) {
            JsonNode rolling = Trees.at(deployment, "spec", "strategy", "rollingUpdate");
            int surge = resolve(rolling.path("maxSurge"), replicas, true);
            int unavailable = resolve(rolling.path("maxUnavailable"), replicas, false);
            return new Limits(surge, surge == 0 && unavailable == 0 ? 1 : unavailable);
        }

        private static int resolve(JsonNode value, int replicas, boolean up) {
            String text = value.asText("25%");
            if (!text.endsWith("%")) {
                return Math.max(0, value.asInt());
            }
            double share = Integer.parseInt(text.substring(0, text.length() - 1)) / 100.0;
            return (int) (up ? Math.ceil(share * replicas) : Math.floor(share * replicas));
        }
    }

    /**
     * Plans the next step.
     *
     * @param old the oldest first; those lose their Pods first
     */
    static Rollout step(int wanted, Limits limits, Size current, List<Size> old) {
        int oldPods = old.stream().mapToInt(Size::wanted).sum();
        int room = wanted + limits.surge() - oldPods - current.wanted();
        int next =
                current.wanted() >= wanted
                        ? wanted
                        : Math.min(wanted, current.wanted() + Math.max(0, room));
        int least = wanted - limits.unavailable();
        int starting = Math.max(0, next - current.available());
        int spare = Math.max(0, oldPods + next - least - starting);
        return new Rollout(next, shrink(least, current, old, spare));
    }

    /** Pods that don't serve go first, as they cost nobody anything. */
    private static List<Integer> shrink(int least, Size current, List<Size> old, int most) {
        int spare = most;
        List<Integer> left = new ArrayList<>();
        for (Size set : old) {
            int idle = Math.min(spare, Math.max(0, set.wanted() - set.available()));
            spare -= idle;
            left.add(set.wanted() - idle);
        }
        int serving = current.available() + old.stream().mapToInt(Size::available).sum();
        spare = Math.min(spare, Math.max(0, serving - least));
        for (int i = 0; i < left.size(); i++) {
            int less = Math.min(spare, left.get(i));
            spare -= less;
            left.set(i, left.get(i) - less);
        }
        return left;
    }

    /** Returns the step of a Deployment whose old Pods have to be gone before new ones come. */
    static Rollout recreate(int wanted, List<Size> old, boolean oldAreGone) {
        return new Rollout(oldAreGone ? wanted : 0, old.stream().map(set -> 0).toList());
    }
}
