package io.weir.picker.flow;

import java.time.Duration;

/** How requests that wait are treated. */
public sealed interface FlowPolicy {

    /** Which flow of a priority band is next. */
    sealed interface Fairness extends FlowPolicy {

        /** One order over all flows. */
        record GlobalStrict() implements Fairness {}

        /** The flows take turns. */
        record RoundRobin() implements Fairness {}

        /**
         * Those that were served least, and waited longest, are next.
         *
         * @param serviceWeight weight of the service had, 0..1
         * @param waitWeight weight of the wait, 0..1
         * @param halfLife after which service counts half
         * @param memory how long an idle flow is remembered
         * @param sweepInterval how often idle flows are looked for
         */
        record ProgramAware(
                double serviceWeight,
                double waitWeight,
                Duration halfLife,
                Duration memory,
                Duration sweepInterval)
                implements Fairness {}
    }

    /** Which request of a flow is next. */
    sealed interface Ordering extends FlowPolicy {

        /** The one that came first. */
        record FirstCome() implements Ordering {}

        /** The one whose time in the queue is up first. */
        record EarliestDeadline() implements Ordering {}

        /** The one whose TTFT objective is up first; those without one come last. */
        record SloDeadline() implements Ordering {}
    }

    /** How full the pool may be for each priority band. */
    sealed interface UsageLimit extends FlowPolicy {

        /**
         * The same for all.
         *
         * @param ceiling saturation from which requests wait
         */
        record Fixed(double ceiling) implements UsageLimit {}

        /**
         * Less for lower bands.
         *
         * @param byValue whether bands are spread by their priority rather than by their rank
         * @param minCeiling ceiling of the lowest band
         * @param maxCeiling ceiling of the highest band
         */
        record PriorityHoldback(boolean byValue, double minCeiling, double maxCeiling)
                implements UsageLimit {}

        /** Less for lower bands, the less the fuller the pool is. */
        record SoftReflective() implements UsageLimit {}
    }
}
