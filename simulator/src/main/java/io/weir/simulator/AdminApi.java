package io.weir.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.simulator.Faults.Failure;
import io.weir.simulator.engine.Engine;
import io.weir.simulator.http.Exchange;
import io.weir.simulator.http.HttpRequest;
import io.weir.simulator.wire.RequestException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code /admin/config}: what goes wrong, changed while the server runs. */
final class AdminApi {

    private final FaultControl faults;
    private final Engine engine;
    private final Models models;
    private final Consumer<Duration> refuse;

    AdminApi(FaultControl faults, Engine engine, Models models, Consumer<Duration> refuse) {
        this.faults = faults;
        this.engine = engine;
        this.models = models;
        this.refuse = refuse;
    }

    void show(Exchange exchange) {
        Replies.json(exchange, describe(faults.get()));
    }

    /** Changes the values that are given, all of them or none. */
    void change(HttpRequest request, Exchange exchange) throws RequestException {
        ObjectNode body = Replies.tree(request);
        Faults changed = faults.get();
        boolean restart = false;
        Duration refusal = Duration.ZERO;
        for (Map.Entry<String, JsonNode> property : body.properties()) {
            String name = property.getKey().replace('_', '-');
            JsonNode value = property.getValue();
            switch (name) {
                case "restart" -> restart = bool(name, value);
                case "refuse-ms" -> refusal = millis(name, value);
                default -> changed = with(changed, name, value);
            }
        }
        faults.set(changed);
        if (restart) {
            restart();
        }
        show(exchange);
        if (refusal.isPositive()) {
            refuse.accept(refusal);
        }
    }

    private static Faults with(Faults now, String name, JsonNode value) throws RequestException {
        try {
            return switch (name) {
                case "failure-injection-rate" -> now.withFailurePercent(number(name, value));
                case "failure-types" -> now.withFailureTypes(types(value));
                case "strike-rate" -> now.withStrikePercent(number(name, value));
                case "reset" -> now.withReset(bool(name, value));
                case "status" -> now.withStatus(number(name, value));
                case "stall-ms" -> now.withStall(millis(name, value));
                case "cut-after-chunks" -> now.withCutAfterChunks(number(name, value));
                case "slow-factor" -> now.withSlowFactor(decimal(name, value));
                case "hide-metrics" -> now.withHideMetrics(bool(name, value));
                default -> throw RequestException.invalid(name + " can't be changed.", name);
            };
        } catch (IllegalArgumentException e) {
            throw RequestException.invalid(String.valueOf(e.getMessage()), name);
        }
    }

    /** What a restart forgets: cached prefixes, resident adapters and those loaded by hand. */
    private void restart() {
        engine.forget();
        models.reset();
    }

    private static ObjectNode describe(Faults now) {
        ObjectNode tree =
                Replies.object()
                        .put("failure-injection-rate", now.failurePercent())
                        .put("strike-rate", now.strikePercent())
                        .put("reset", now.reset())
                        .put("status", now.status())
                        .put("stall-ms", now.stall().toMillis())
                        .put("cut-after-chunks", now.cutAfterChunks())
                        .put("slow-factor", now.slowFactor())
                        .put("hide-metrics", now.hideMetrics());
        var types = tree.putArray("failure-types");
        now.failureTypes().forEach(type -> types.add(type.option()));
        return tree;
    }

    private static List<Failure> types(JsonNode value) throws RequestException {
        List<Failure> types = new ArrayList<>();
        for (JsonNode name : value) {
            types.add(
                    Failure.find(name.asText())
                            .orElseThrow(() -> wrong("failure-types", name, "names of failures")));
        }
        return types;
    }

    private static boolean bool(String name, JsonNode value) throws RequestException {
        if (!value.isBoolean()) {
            throw wrong(name, value, "true or false");
        }
        return value.booleanValue();
    }

    private static int number(String name, JsonNode value) throws RequestException {
        if (!value.isInt()) {
            throw wrong(name, value, "a whole number");
        }
        return value.intValue();
    }

    private static double decimal(String name, JsonNode value) throws RequestException {
        if (!value.isNumber()) {
            throw wrong(name, value, "a number");
        }
        return value.doubleValue();
    }

    private static Duration millis(String name, JsonNode value) throws RequestException {
        return Duration.ofMillis(number(name, value));
    }

    private static RequestException wrong(String name, JsonNode value, String expected) {
        return RequestException.invalid(
                name + ": " + value + " (expected: " + expected + ")", name);
    }
}
