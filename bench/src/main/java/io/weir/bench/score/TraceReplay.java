package io.weir.bench.score;

import java.util.List;

/** A trace that can be replayed any number of times. Immutable. */
final class TraceReplay {

    private final double[] atSeconds;
    private final List<Work> work;
    private final double meanGapSeconds;

    /**
     * Returns a trace.
     *
     * @param atSeconds when its requests come, ascending
     * @param work the requests
     */
    TraceReplay(double[] atSeconds, List<Work> work) {
        this.atSeconds = atSeconds.clone();
        this.work = List.copyOf(work);
        this.meanGapSeconds =
                (atSeconds[atSeconds.length - 1] - atSeconds[0]) / (atSeconds.length - 1);
    }

    /** Returns its requests from a place that depends on the seed. */
    Sessions from(long seed) {
        int count = work.size();
        int first = (int) Math.floorMod(Text.mix(seed), (long) count);
        return new Sessions() {
            private int place;
            private double at;

            @Override
            public Session next() {
                int index = (first + place++) % count;
                at += index == 0 ? 1 : (atSeconds[index] - before(index)) / meanGapSeconds;
                return new Session(at, List.of(work.get(index)));
            }
        };
    }

    private double before(int index) {
        return atSeconds[index - 1];
    }
}
