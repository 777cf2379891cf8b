package io.weir.config;

/**
 * How many endpoints a pool has.
 *
 * @param ready those that take requests
 * @param all those that its selector selects, each Pod once for each target port
 */
record EndpointCount(int ready, int all) {

    /** Returns for instance {@code 3/4 endpoints ready}. */
    @Override
    public String toString() {
        return ready + "/" + all + " endpoints ready";
    }
}
