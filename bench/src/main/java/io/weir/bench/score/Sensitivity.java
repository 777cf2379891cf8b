package io.weir.bench.score;

import io.weir.simulator.engine.EngineProfile;
import io.weir.simulator.engine.StepLatency;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Workloads on servers that are a quarter slower or faster in one of the things they do. */
final class Sensitivity {

    private static final double[] FACTORS = {0.75, 1.25};

    private Sensitivity() {}

    /** A constant of a server's model. */
    enum Constant {
        STEP("step"),
        SEQUENCE("sequence"),
        CONTEXT("context"),
        PREFILL("prefill");

        final String title;

        Constant(String title) {
            this.title = title;
        }

        private StepLatency scaled(StepLatency l, double factor) {
            return new StepLatency(
                    l.frontendNanos(),
                    l.frontendSigma(),
                    l.baseNanos() * (this == STEP ? factor : 1),
                    l.perSequenceNanos() * (this == SEQUENCE ? factor : 1),
                    l.perContextTokenNanos() * (this == CONTEXT ? factor : 1),
                    l.perPrefillTokenNanos() * (this == PREFILL ? factor : 1),
                    l.noiseSigma(),
                    l.adapterOverhead(),
                    l.adapterLoadNanos());
        }
    }

    /** Returns what a variation is called, for instance {@code prefill +25 %}. */
    static String title(Constant constant, double factor) {
        return String.format(Locale.ROOT, "%s %+.0f %%", constant.title, 100 * (factor - 1));
    }

    /** Returns the titles of all variations. */
    static List<String> titles() {
        List<String> titles = new ArrayList<>();
        for (Constant constant : Constant.values()) {
            for (double factor : FACTORS) {
                titles.add(title(constant, factor));
            }
        }
        return titles;
    }

    /** Returns the name of a workload under a variation. */
    static String name(Workload workload, String title) {
        return workload.name() + ", " + title;
    }

    /** Returns every workload under every variation. */
    static List<Workload> varied(List<Workload> workloads) {
        List<Workload> varied = new ArrayList<>();
        for (Workload workload : workloads) {
            for (Constant constant : Constant.values()) {
                for (double factor : FACTORS) {
                    varied.add(varied(workload, constant, factor));
                }
            }
        }
        return varied;
    }

    private static Workload varied(Workload workload, Constant constant, double factor) {
        EngineProfile profile = workload.fleet().profile();
        if (!(profile.latency() instanceof StepLatency latency)) {
            throw new IllegalArgumentException(
                    workload.name() + ": its servers do not work in steps");
        }
        return workload.withFleet(
                        workload.fleet()
                                .withProfile(profile.withLatency(constant.scaled(latency, factor))))
                .withName(name(workload, title(constant, factor)));
    }
}
