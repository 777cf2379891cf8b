package io.weir.bench.compare;

import io.weir.bench.load.LoadGenerator;
import io.weir.bench.load.LoadPlan;
import io.weir.bench.load.LoadReport;

/**
 * One measured round of one contestant.
 *
 * @param name the contestant
 * @param report what the client saw
 * @param cpuMicros CPU time of the contestant's process while measuring
 * @param residentBytes resident memory of the process at the end
 */
record Round(String name, LoadReport report, long cpuMicros, long residentBytes) {

    static Round run(Contestant contestant, LoadPlan plan) {
        long[] cpuBefore = new long[1];
        LoadReport report =
                LoadGenerator.run(
                        plan, () -> cpuBefore[0] = ProcessUsage.of(contestant.pid()).cpuMicros());
        ProcessUsage after = ProcessUsage.of(contestant.pid());
        return new Round(
                contestant.name(), report, after.cpuMicros() - cpuBefore[0], after.residentBytes());
    }

    double cpuMicrosPerRequest() {
        return report.requests() == 0 ? Double.NaN : (double) cpuMicros / report.requests();
    }

    double cpuMicrosPerChunk() {
        return report.chunks() == 0 ? Double.NaN : (double) cpuMicros / report.chunks();
    }
}
