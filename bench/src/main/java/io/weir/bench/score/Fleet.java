package io.weir.bench.score;

import io.weir.simulator.engine.EngineProfile;

import java.util.Collections;
import java.util.List;

/**
 * The servers of a workload.
 *
 * @param profile what each of them is made of
 * @param slowness by which factor each one is slower; 1 is normal
 * @param maxAdapters LoRA adapters that each holds at a time
 * @param replacements servers that are replaced by new ones
 * @param gateways gateways that take requests in turn and know nothing of each other
 */
record Fleet(
        EngineProfile profile,
        List<Double> slowness,
        int maxAdapters,
        List<Replacement> replacements,
        int gateways) {

    /**
     * A rolling update of one server: it leaves the pool, finishes what it has, and a new one with
     * an empty cache joins.
     *
     * @param server the server's number
     * @param leaves when it leaves the pool, as a share of the run
     * @param joins when the new one joins, as a share of the run
     */
    record Replacement(int server, double leaves, double joins) {}

    Fleet {
        slowness = List.copyOf(slowness);
        replacements = List.copyOf(replacements);
    }

    static Fleet equal(EngineProfile profile, int servers) {
        return new Fleet(profile, Collections.nCopies(servers, 1.0), 1, List.of(), 1);
    }

    Fleet withSlowness(List<Double> value) {
        return new Fleet(profile, value, maxAdapters, replacements, gateways);
    }

    Fleet withProfile(EngineProfile value) {
        return new Fleet(value, slowness, maxAdapters, replacements, gateways);
    }

    Fleet withMaxAdapters(int value) {
        return new Fleet(profile, slowness, value, replacements, gateways);
    }

    Fleet withReplacements(List<Replacement> value) {
        return new Fleet(profile, slowness, maxAdapters, value, gateways);
    }

    Fleet withGateways(int value) {
        return new Fleet(profile, slowness, maxAdapters, replacements, value);
    }
}
