package io.weir.picker.flow;

import io.weir.picker.plugin.FlowPolicy;
import io.weir.picker.setup.FlowControlSettings;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The service that each asker had, in tokens that count less the longer ago they were. Thread-safe;
 * kept only where a band's fairness asks for it.
 */
final class Ledger {

    private final Map<String, AtomicReference<Entry>> entries = new ConcurrentHashMap<>();
    private volatile boolean inUse;
    private volatile long halfLifeNanos = Duration.ofSeconds(60).toNanos();
    private volatile long memoryNanos = Duration.ofHours(1).toNanos();
    private volatile long sweepNanos = Duration.ofMinutes(5).toNanos();
    private long lastSweepNanos;

    /** Service up to a moment. */
    private record Entry(double tokens, long atNanos) {

        Entry plus(double more, long now, long halfLife) {
            return new Entry(at(now, halfLife) + more, now);
        }

        double at(long now, long halfLife) {
            return tokens * Math.pow(0.5, (double) Math.max(0, now - atNanos) / halfLife);
        }
    }

    /** Takes over what the first band that asks for service says of it. */
    void configure(FlowControlSettings settings) {
        inUse = false;
        use(settings.defaultBand());
        use(settings.defaultNegativeBand());
        settings.bands().values().forEach(this::use);
        if (!inUse) {
            entries.clear();
        }
    }

    private void use(FlowControlSettings.Band band) {
        if (!inUse && band.fairness() instanceof FlowPolicy.Fairness.ProgramAware policy) {
            halfLifeNanos = policy.halfLife().toNanos();
            memoryNanos = policy.memory().toNanos();
            sweepNanos = policy.sweepInterval().toNanos();
            inUse = true;
        }
    }

    boolean isInUse() {
        return inUse;
    }

    void add(String fairnessId, double tokens, long nowNanos) {
        long halfLife = halfLifeNanos;
        entries.computeIfAbsent(fairnessId, _ -> new AtomicReference<>(new Entry(0, nowNanos)))
                .updateAndGet(entry -> entry.plus(tokens, nowNanos, halfLife));
    }

    double service(String fairnessId, long nowNanos) {
        AtomicReference<Entry> entry = entries.get(fairnessId);
        return entry == null ? 0 : entry.get().at(nowNanos, halfLifeNanos);
    }

    /** Forgets those who had no service for long. Called by the line's owner. */
    void sweep(long nowNanos) {
        if (!inUse || nowNanos - lastSweepNanos < sweepNanos) {
            return;
        }
        lastSweepNanos = nowNanos;
        entries.values().removeIf(entry -> nowNanos - entry.get().atNanos() > memoryNanos);
    }
}
