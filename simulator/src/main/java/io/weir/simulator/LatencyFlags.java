package io.weir.simulator;

import io.weir.simulator.engine.EngineProfile;
import io.weir.simulator.engine.PacedLatency;

/** Flags about time. Fixed latencies take the place of those of a profile. */
final class LatencyFlags {

    private double firstToken;
    private double firstTokenStdDev;
    private double prefillOverhead;
    private double perPrefillToken;
    private double prefillStdDev;
    private double betweenTokens;
    private double betweenTokensStdDev;
    private double factorUnderLoad = 1;
    private double timeScale = 1;
    private String calculator = "";
    private boolean given;

    /** Takes a flag; false when it is not about time. */
    boolean read(Flag flag) {
        switch (flag.name()) {
            case "time-to-first-token" -> firstToken = flag.nanos();
            case "time-to-first-token-std-dev" -> firstTokenStdDev = flag.nanos();
            case "prefill-overhead" -> prefillOverhead = flag.nanos();
            case "prefill-time-per-token" -> perPrefillToken = flag.nanos();
            case "prefill-time-std-dev" -> prefillStdDev = flag.nanos();
            case "inter-token-latency" -> betweenTokens = flag.nanos();
            case "inter-token-latency-std-dev" -> betweenTokensStdDev = flag.nanos();
            case "time-factor-under-load" -> factorUnderLoad = flag.decimal(1, 1e6);
            case "latency-calculator" -> calculator = calculator(flag);
            case "time-scale" -> {
                timeScale = flag.decimal(0, 1e6);
                return true;
            }
            default -> {
                return false;
            }
        }
        given = true;
        return true;
    }

    private static String calculator(Flag flag) {
        return switch (flag.text()) {
            case "", "constant", "per-token" -> flag.text();
            default -> throw flag.wrong("constant or per-token");
        };
    }

    EngineProfile apply(EngineProfile profile) {
        EngineProfile timing = given ? profile.withLatency(paced(profile)) : profile;
        return timing.scaled(timeScale);
    }

    private PacedLatency paced(EngineProfile profile) {
        boolean constant =
                calculator.isEmpty()
                        ? firstToken > 0 || firstTokenStdDev > 0
                        : calculator.equals("constant");
        return new PacedLatency(
                constant ? firstToken : 0,
                constant ? firstTokenStdDev : 0,
                constant ? 0 : prefillOverhead,
                constant ? 0 : perPrefillToken,
                constant ? 0 : prefillStdDev,
                betweenTokens,
                betweenTokensStdDev,
                factorUnderLoad,
                profile.latency().adapterLoadNanos());
    }
}
