package io.weir.picker.state;

/** The counters of {@link InFlight}, behind what keeps others out of their cache line. */
abstract sealed class InFlightCounters extends InFlightPadding permits InFlight {

    volatile int requests;
    volatile long prefillTokens;
    volatile long decodeTokens;
}
