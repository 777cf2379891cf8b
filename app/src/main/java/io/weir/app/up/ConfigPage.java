package io.weir.app.up;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.weir.app.admin.Page;
import io.weir.config.Listener;
import io.weir.config.Server;
import io.weir.config.Status;
import io.weir.config.StatusCondition;
import io.weir.model.ModelRewrites;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.Pickers;
import io.weir.picker.external.ExternalPicker;
import io.weir.resource.HttpRoute;
import io.weir.resource.ObjectKey;
import io.weir.resource.Problem;
import io.weir.routing.Pool;
import io.weir.split.WeightedChoice;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What is configured and in force, as JSON. Secrets are not part of it. */
final class ConfigPage implements Page {

    private final Supplier<Configuration> configuration;
    private final Pickers pickers;
    private final JsonFactory factory = new JsonFactory();

    ConfigPage(Supplier<Configuration> configuration, Pickers pickers) {
        this.configuration = configuration;
        this.pickers = pickers;
    }

    @Override
    public Reply render() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * 1024);
        try (JsonGenerator json = factory.createGenerator(bytes)) {
            json.useDefaultPrettyPrinter();
            write(json, configuration.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reply(200, "application/json", bytes.toByteArray());
    }

    private void write(JsonGenerator json, Configuration now) throws IOException {
        json.writeStartObject();
        json.writeNumberField("generation", now.compilation().snapshot().generation());
        json.writeArrayFieldStart("servers");
        for (Server server : now.compilation().snapshot().servers()) {
            writeServer(json, server);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("routes");
        for (HttpRoute route : now.manifests().objects().all(HttpRoute.class)) {
            json.writeStartObject();
            json.writeStringField("name", route.metadata().objectName().toString());
            json.writeArrayFieldStart("rules");
            for (HttpRoute.Rule rule : route.rules()) {
                json.writeString(RuleText.of(rule));
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("pools");
        List<Pool> pools =
                now.compilation().snapshot().pools().values().stream()
                        .sorted(Comparator.comparing(pool -> pool.key().toString()))
                        .toList();
        for (Pool pool : pools) {
            writePool(json, pool);
        }
        json.writeEndArray();
        writeStatuses(json, now.compilation().statuses());
        json.writeArrayFieldStart("problems");
        for (Problem problem : now.problems()) {
            writeProblem(json, problem);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeServer(JsonGenerator json, Server server) throws IOException {
        json.writeStartObject();
        json.writeStringField("address", server.address());
        json.writeNumberField("port", server.port());
        json.writeStringField("protocol", server.protocol().toString());
        json.writeArrayFieldStart("listeners");
        for (Listener listener : server.listeners()) {
            json.writeStartObject();
            json.writeStringField("gateway", listener.gateway().toString());
            json.writeStringField("name", listener.name());
            json.writeStringField("hostname", listener.hostname());
            json.writeNumberField("bodyLimitBytes", listener.bodyLimitBytes());
            json.writeObjectFieldStart("baseModels");
            for (String base : listener.baseModels().baseModels()) {
                json.writeStringField(base, base);
            }
            for (Map.Entry<String, String> entry : listener.baseModels().byAdapter().entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writePool(JsonGenerator json, Pool pool) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", pool.key().objectName().toString());
        json.writeStringField("group", pool.key().group());
        ExternalPicker external = pool.external();
        json.writeStringField(
                "picker",
                external == null ? "builtin" : external.service() + ":" + external.port());
        json.writeArrayFieldStart("endpoints");
        for (EndpointSnapshot endpoint : pickers.forPool(pool.key()).endpoints()) {
            writeEndpoint(json, endpoint);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("rewrites");
        for (Map.Entry<String, ModelRewrites.Rule> rule : pool.rewrites().exact().entrySet()) {
            writeRewrite(json, rule.getKey(), rule.getValue());
        }
        ModelRewrites.Rule generic = pool.rewrites().generic();
        if (generic != null) {
            writeRewrite(json, "*", generic);
        }
        json.writeEndObject();
        json.writeObjectFieldStart("priorities");
        for (Map.Entry<String, Integer> priority : pool.priorities().entrySet()) {
            json.writeNumberField(priority.getKey(), priority.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeRewrite(JsonGenerator json, String model, ModelRewrites.Rule rule)
            throws IOException {
        json.writeObjectFieldStart(model);
        json.writeStringField("from", rule.source().toString());
        json.writeObjectFieldStart("targets");
        WeightedChoice<String> targets = rule.targets();
        for (int i = 0; i < targets.items().size(); i++) {
            json.writeNumberField(targets.items().get(i), targets.weight(i));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeEndpoint(JsonGenerator json, EndpointSnapshot endpoint)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("name", endpoint.endpoint().name());
        json.writeStringField("address", endpoint.endpoint().authority());
        json.writeBooleanField("healthy", endpoint.healthy());
        json.writeNumberField("inFlightRequests", endpoint.inFlightRequests());
        if (endpoint.scrapeAgeMillis() >= 0) {
            json.writeNumberField("waitingRequests", endpoint.waitingRequests());
            json.writeNumberField("runningRequests", endpoint.runningRequests());
            json.writeNumberField("kvCacheUsage", endpoint.kvCacheUsage());
            json.writeNumberField("scrapeAgeMillis", endpoint.scrapeAgeMillis());
        }
        json.writeArrayFieldStart("models");
        for (EndpointSnapshot.ServedModel model : endpoint.models()) {
            json.writeString(model.id());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeStatuses(JsonGenerator json, List<Status> statuses)
            throws IOException {
        json.writeObjectFieldStart("statuses");
        for (Status status : statuses) {
            json.writeObjectFieldStart(nameOf(status.object()));
            writeConditions(json, status.conditions());
            for (var listener : status.listeners()) {
                json.writeObjectFieldStart("listener " + listener.name());
                json.writeNumberField("attachedRoutes", listener.attachedRoutes());
                writeConditions(json, listener.conditions());
                json.writeEndObject();
            }
            for (var parent : status.parents()) {
                json.writeObjectFieldStart(
                        parent.parent().kind() + " " + parent.parent().objectName());
                writeConditions(json, parent.conditions());
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static String nameOf(ObjectKey object) {
        return object.group().isEmpty() ? object.toString() : object + "." + object.group();
    }

    private static void writeConditions(JsonGenerator json, List<StatusCondition> conditions)
            throws IOException {
        for (StatusCondition condition : conditions) {
            json.writeStringField(
                    condition.type(),
                    condition.value()
                            + " "
                            + condition.reason()
                            + (condition.message().isEmpty() ? "" : ": " + condition.message()));
        }
    }

    private static void writeProblem(JsonGenerator json, Problem problem) throws IOException {
        json.writeStartObject();
        json.writeStringField("severity", problem.severity().toString());
        json.writeStringField("source", problem.origin().toString());
        json.writeStringField("object", problem.object());
        json.writeStringField("field", problem.field());
        json.writeStringField("message", problem.message());
        json.writeEndObject();
    }
}
