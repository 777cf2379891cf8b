package io.weir.bench.score;

import java.util.List;

/**
 * Requests of one client, each of which waits for the one before.
 *
 * @param at when the first one comes, in units of the mean time between sessions
 * @param turns the requests
 */
record Session(double at, List<Work> turns) {

    Session {
        turns = List.copyOf(turns);
    }
}
