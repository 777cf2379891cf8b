package io.weir.picker.state;

/** The counters of {@link InFlight}, and what keeps others out of the cache line before them. */
abstract class InFlightCounters extends InFlightPadding {

    volatile int requests;
    volatile long prefillTokens;
    volatile long decodeTokens;
}
