package io.weir.picker.latency;

import io.weir.picker.latency.ServerWork.Mark;

/**
 * Learns how many tokens answers have, by how seldom one ends: when a server has put out {@code k}
 * tokens of all its answers together between the end of one and the end of the next, then one token
 * in {@code k} is the last of its answer. The mean length of those that have ended would be too
 * small for as long as the longest are still under way, which makes a server that fills up look as
 * if it had reached its balance.
 *
 * <p>One thread at a time learns, any reads.
 */
final class AnswerLength {

    private static final double FIRST_TOKENS = 200;
    private static final double STEP = 0.002;
    private static final double HESITATION = 20;
    private static final double LARGEST_STEP = 0.5;

    private volatile double tokens = FIRST_TOKENS;
    private double ends;

    double tokens() {
        return tokens;
    }

    /**
     * Learns from the end of an answer.
     *
     * @param now what its server had done by then
     * @param stepMillis how long one of the server's steps took meanwhile
     */
    void learn(ServerWork work, Mark now, double stepMillis) {
        Mark before = work.learned();
        long ended = now.ends() - (before == null ? 0 : before.ends());
        if (ended <= 0) {
            return;
        }
        work.learned(now);
        if (before == null) {
            return;
        }
        double put = (now.streamNanos() - before.streamNanos()) / 1e6 / stepMillis;
        ends += ended;
        double step = Math.min(LARGEST_STEP, ended * Math.max(STEP, 1 / (ends + HESITATION)));
        double known = tokens;
        tokens = Math.max(1, known + step * (put / ended - known));
    }
}
