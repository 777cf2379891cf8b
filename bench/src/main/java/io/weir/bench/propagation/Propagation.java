package io.weir.bench.propagation;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how long changes of one object take: from the answer of the API until the data plane
 * answers by it, and until the status is written.
 */
public final class Propagation {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration REST = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 30;

    private final Settings settings;
    private final PrintWriter out;
    private final Map<String, Integer> numbers = new HashMap<>();

    /** Makes a run of one setup and size. */
    public Propagation(Settings settings, PrintWriter out) {
        this.settings = settings;
        this.out = out;
    }

    /**
     * What to measure.
     *
     * @param launcher the weir launcher
     * @param setup how the gateway runs
     * @param size how many objects there are
     * @param warmup changes of each kind that are not counted
     * @param changes changes of each kind
     */
    public record Settings(Path launcher, Setup setup, Size size, int warmup, int changes) {}

    /** Measures and reports. */
    public void run() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("weir-propagation-");
        try (Setup.Running running = settings.setup.start(settings.launcher, directory);
                Scene scene = new Scene();
                ApiConnection api = ApiConnection.open(running.kubeconfig());
                Probe probe = new Probe(scene.gatewayPort());
                Traffic traffic = new Traffic(scene.gatewayPort())) {
            long begin = System.nanoTime();
            scene.create(api, settings.size);
            List<Edit> edits = Edit.all(api, scene);
            awaitFirst(probe);
            say("%s, %s", settings.setup, settings.size);
            say("written and in force after %.1f s", (System.nanoTime() - begin) / 1e9);
            traffic.start();
            measure(api, probe, traffic, running.program(), edits);
            say(traffic.toString());
            say(running.program().memory());
        }
    }

    private void awaitFirst(Probe probe) {
        probe.await("probe", "/probe-route", "200 b", System.nanoTime() + 4 * PATIENCE.toNanos());
    }

    private void measure(
            ApiConnection api, Probe probe, Traffic traffic, Program program, List<Edit> edits)
            throws IOException, InterruptedException {
        Map<String, StatusWatch> watches = new HashMap<>();
        for (String told : List.of(Manifests.ROUTES, Manifests.POOLS, Manifests.GATEWAYS)) {
            watches.put(told, StatusWatch.open(api, told));
        }
        for (Edit edit : edits) {
            run(edit, probe, watches, settings.warmup, new Figures(settings.warmup));
        }
        awaitRest(watches);
        double idle = idleMicrosPerSecond(program);
        say("%-18s %21s %21s %8s", "", "in force, ms", "status, ms", "CPU, ms");
        say("%-18s %6s %6s %6s  %6s %6s %6s", "change", "p50", "p99", "max", "p50", "p99", "max");
        for (Edit edit : edits) {
            Figures figures = new Figures(settings.changes);
            traffic.ask(true);
            run(edit, probe, watches, settings.changes, figures);
            traffic.ask(false);
            say(
                    "%-18s %6.1f %6.1f %6.1f  %6.1f %6.1f %6.1f %8.2f",
                    edit.name(),
                    figures.inForce.millis(50),
                    figures.inForce.millis(99),
                    figures.inForce.millis(100),
                    figures.told.millis(50),
                    figures.told.millis(99),
                    figures.told.millis(100),
                    cpuMillis(edit, program, idle));
        }
        awaitRest(watches);
        long before = events(watches);
        Thread.sleep(REST);
        say("writes in %d s of rest: %d", REST.toSeconds(), events(watches) - before);
        say("idle CPU: %.1f %% of a core", idle / 1e4);
    }

    private void run(
            Edit edit, Probe probe, Map<String, StatusWatch> watches, int times, Figures figures)
            throws InterruptedException {
        StatusWatch watch = watches.get(edit.told());
        for (int i = 0; i < times; i++) {
            int number = next(edit);
            if (watch != null) {
                watch.forget();
            }
            JsonNode written = edit.write().apply(number);
            long begin = System.nanoTime();
            long deadline = begin + PATIENCE.toNanos();
            long inForce =
                    probe.await(
                            edit.host(),
                            edit.path().apply(number),
                            edit.answer().apply(number),
                            deadline);
            figures.inForce.add(inForce - begin);
            if (watch != null) {
                long told =
                        watch.await(
                                edit.object().apply(number),
                                now -> edit.isTold(number, written, now),
                                deadline);
                figures.told.add(Math.max(0, told - begin));
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Returns the CPU time of a change while nobody asks, beyond that of rest. */
    private double cpuMillis(Edit edit, Program program, double idleMicrosPerSecond)
            throws InterruptedException {
        long begin = System.nanoTime();
        long before = program.cpuMicros();
        for (int i = 0; i < settings.changes; i++) {
            JsonNode _ = edit.write().apply(next(edit));
            Thread.sleep(PAUSE_MILLIS);
        }
        Thread.sleep(10 * PAUSE_MILLIS);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double used = program.cpuMicros() - before - seconds * idleMicrosPerSecond;
        return used / settings.changes / 1e3;
    }

    private static double idleMicrosPerSecond(Program program) throws InterruptedException {
        long before = program.cpuMicros();
        Thread.sleep(REST);
        return (program.cpuMicros() - before) / (double) REST.toSeconds();
    }

    private int next(Edit edit) {
        return numbers.merge(edit.name(), 1, Integer::sum);
    }

    private static void awaitRest(Map<String, StatusWatch> watches) throws InterruptedException {
        long last = -1;
        while (events(watches) != last) {
            last = events(watches);
            Thread.sleep(1_000);
        }
    }

    private static long events(Map<String, StatusWatch> watches) {
        return watches.values().stream().mapToLong(StatusWatch::events).sum();
    }

    private void say(String format, Object... values) {
        out.printf(format + "%n", values);
        out.flush();
    }

    private static final class Figures {
        private final Samples inForce;
        private final Samples told;

        Figures(int capacity) {
            inForce = new Samples(capacity);
            told = new Samples(capacity);
        }
    }
}
