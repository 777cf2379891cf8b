package io.weir.bench.score;

import java.util.List;
import java.util.function.LongFunction;

/**
 * Servers and the traffic that they get.
 *
 * @param name name on the command line
 * @param title name for people
 * @param fleet the servers
 * @param adapters LoRA adapters that all of them serve
 * @param slo what its clients expect
 * @param rate sessions per second at which the policies are compared side by side, and where the
 *     search for the highest rate begins
 * @param warmupSeconds how long the run goes on before anything counts
 * @param seconds how long after that requests count
 * @param source sessions by seed
 */
record Workload(
        String name,
        String title,
        Fleet fleet,
        List<String> adapters,
        Slo slo,
        double rate,
        double warmupSeconds,
        double seconds,
        LongFunction<Sessions> source) {

    Workload {
        adapters = List.copyOf(adapters);
    }

    Workload withName(String value) {
        return new Workload(
                value, title, fleet, adapters, slo, rate, warmupSeconds, seconds, source);
    }

    Workload withFleet(Fleet value) {
        return new Workload(
                name, title, value, adapters, slo, rate, warmupSeconds, seconds, source);
    }

    Workload withAdapters(List<String> value) {
        return new Workload(name, title, fleet, value, slo, rate, warmupSeconds, seconds, source);
    }

    Workload withSlo(Slo value) {
        return new Workload(
                name, title, fleet, adapters, value, rate, warmupSeconds, seconds, source);
    }

    double endSeconds() {
        return warmupSeconds + seconds;
    }
}
