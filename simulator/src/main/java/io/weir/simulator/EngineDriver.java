package io.weir.simulator;

import io.netty.channel.EventLoop;
import io.weir.simulator.engine.Engine;
import io.weir.simulator.engine.EngineRequest;
import io.weir.simulator.engine.EngineTask;
import io.weir.simulator.engine.TokenListener;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Drives an engine in real time on an event loop: steps it when it wants to be stepped, and then
 * lets everybody who got tokens write them, at once for all steps that were due together.
 */
final class EngineDriver {

    private static final int MAX_STEPS_AT_A_TIME = 256;

    private final Engine engine;
    private final EventLoop loop;
    private final LongSupplier nanoClock;
    private final List<Runnable> afterSteps = new ArrayList<>();
    private boolean stepping;
    private long timerNanos = Engine.NEVER;
    private @Nullable ScheduledFuture<?> timer;

    EngineDriver(Engine engine, EventLoop loop, LongSupplier nanoClock) {
        this.engine = engine;
        this.loop = loop;
        this.nanoClock = nanoClock;
    }

    Engine engine() {
        return engine;
    }

    EngineTask submit(EngineRequest request, TokenListener listener) {
        return engine.submit(request, listener, nanoClock.getAsLong());
    }

    void cancel(EngineTask task) {
        engine.cancel(task, nanoClock.getAsLong());
    }

    /** Runs something after the steps that are due now, from a listener. */
    void afterSteps(Runnable action) {
        afterSteps.add(action);
    }

    /** Steps the engine as far as it is due, and again when it will be. */
    void run() {
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            step();
            finish();
        } finally {
            stepping = false;
        }
        schedule();
    }

    /** An engine that can't keep up must not keep the loop from its connections. */
    private void step() {
        long now = nanoClock.getAsLong();
        for (int i = 0; i < MAX_STEPS_AT_A_TIME && engine.nextStepNanos() <= now; i++) {
            engine.step(now);
        }
    }

    private void finish() {
        for (int i = 0; i < afterSteps.size(); i++) {
            afterSteps.get(i).run();
        }
        afterSteps.clear();
    }

    private void schedule() {
        long next = engine.nextStepNanos();
        if (next >= timerNanos) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        timerNanos = next;
        long delay = next - nanoClock.getAsLong();
        timer = loop.schedule(this::timeIsUp, Math.max(0, delay), TimeUnit.NANOSECONDS);
    }

    private void timeIsUp() {
        timer = null;
        timerNanos = Engine.NEVER;
        run();
    }
}
