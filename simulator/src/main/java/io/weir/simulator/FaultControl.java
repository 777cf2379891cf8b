package io.weir.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.simulator.Faults.Failure;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** The faults in force, applied to requests and changed through {@code /admin/config}. */
final class FaultControl {

    private final @Nullable EngineRunner runner;
    private final Models models;
    private final SimulatorConfig config;
    private final Json json;
    private volatile Faults faults;

    FaultControl(SimulatorConfig config, @Nullable EngineRunner runner, Models models, Json json) {
        this.config = config;
        this.runner = runner;
        this.models = models;
        this.json = json;
        this.faults = config.faults();
        set(config.faults());
    }

    Faults get() {
        return faults;
    }

    void set(Faults newFaults) {
        faults = newFaults;
        if (runner != null) {
            runner.slowDown(newFaults.slowFactor());
        }
    }

    /** Applies what goes wrong before an answer begins. */
    void apply(Exchange exchange, SplittableRandom random)
            throws IOException, HttpError, InterruptedException {
        Faults now = faults;
        if (now.reset()) {
            throw Exchange.cut();
        }
        if (!now.stall().isZero()) {
            Thread.sleep(now.stall());
        }
        String asked = exchange.header("X-Return-Error");
        if (asked != null) {
            throw new HttpError(status(asked), "Simulated error", null);
        }
        if (now.status() != 0) {
            throw new HttpError(now.status(), "Simulated error", null);
        }
        if (random.nextInt(100) < now.failurePercent()) {
            Failure failure = choose(now.failureTypes(), random);
            throw new HttpError(failure.status(), failure.message(), null);
        }
    }

    private static int status(String asked) throws HttpError {
        try {
            int status = Integer.parseInt(asked.strip());
            if (status >= 200 && status <= 599) {
                return status;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw HttpError.badRequest("X-Return-Error: " + asked + " (expected: 200..599)", null);
    }

    private static Failure choose(List<Failure> types, SplittableRandom random) {
        List<Failure> all = types.isEmpty() ? List.of(Failure.values()) : types;
        return all.get(random.nextInt(all.size()));
    }

    void handle(Exchange exchange) throws IOException, HttpError {
        switch (exchange.method()) {
            case "GET" -> {}
            case "POST" -> change(json.object(exchange.body(1 << 20)));
            default -> throw new HttpError(405, "Method Not Allowed", null);
        }
        exchange.json(json.bytes(describe(faults)));
    }

    private void change(ObjectNode body) throws HttpError {
        Faults now = faults;
        try {
            set(
                    new Faults(
                            body.path("failure-injection-rate").asInt(now.failurePercent()),
                            types(body, now),
                            body.path("reset").asBoolean(now.reset()),
                            body.path("status").asInt(now.status()),
                            Duration.ofMillis(body.path("stall-ms").asLong(now.stall().toMillis())),
                            body.path("cut-after-chunks").asInt(now.cutAfterChunks()),
                            body.path("slow-factor").asDouble(now.slowFactor())));
        } catch (IllegalArgumentException e) {
            throw HttpError.badRequest(String.valueOf(e.getMessage()), null);
        }
        if (body.path("restart").asBoolean(false)) {
            restart();
        }
    }

    /** What a restart forgets: cached prefixes and adapters that were loaded by hand. */
    private void restart() {
        if (runner != null) {
            runner.clearCache();
        }
        config.adapters().forEach(models::load);
    }

    private static List<Failure> types(ObjectNode body, Faults now) {
        if (!body.path("failure-types").isArray()) {
            return now.failureTypes();
        }
        List<Failure> types = new ArrayList<>();
        body.path("failure-types").forEach(node -> types.add(type(node.asText())));
        return types;
    }

    static Failure type(String name) {
        return Failure.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private ObjectNode describe(Faults now) {
        ObjectNode body =
                json.newObject()
                        .put("failure-injection-rate", now.failurePercent())
                        .put("reset", now.reset())
                        .put("status", now.status())
                        .put("stall-ms", now.stall().toMillis())
                        .put("cut-after-chunks", now.cutAfterChunks())
                        .put("slow-factor", now.slowFactor());
        var types = body.putArray("failure-types");
        now.failureTypes().forEach(type -> types.add(type.name().toLowerCase(Locale.ROOT)));
        return body;
    }
}
