package io.weir.app.up;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.weir.app.admin.Page.Reply;
import io.weir.picker.Explanation;
import io.weir.picker.Explanation.Removal;
import io.weir.picker.Explanation.Row;
import io.weir.picker.Explanation.Stage;
import io.weir.picker.Explanation.Weight;
import io.weir.picker.pool.DecisionLog;
import io.weir.resource.ObjectKey;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Explanations for programs. */
final class ExplanationJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private ExplanationJson() {}

    static Reply one(ObjectKey pool, Explanation explanation) {
        return reply(json -> write(json, pool, explanation));
    }

    static Reply list(boolean on, List<DecisionLog.Entry> entries, long nowNanos) {
        return reply(json -> {
            json.writeStartObject();
            json.writeBooleanField("recording", on);
            json.writeArrayFieldStart("decisions");
            for (DecisionLog.Entry entry : entries) {
                Explanation explanation = entry.explanation();
                json.writeStartObject();
                json.writeStringField("request", explanation.requestId());
                json.writeNumberField(
                        "ageMillis",
                        TimeUnit.NANOSECONDS.toMillis(nowNanos - explanation.atNanos()));
                json.writeStringField("pool", entry.pool().objectName().toString());
                writeText(json, "model", explanation.model());
                writeText(json, "endpoint", explanation.endpoint());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    private static Reply reply(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 * 1024);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.useDefaultPrettyPrinter();
            content.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reply(200, "application/json", bytes.toByteArray());
    }

    private static void write(JsonGenerator json, ObjectKey pool, Explanation explanation)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("request", explanation.requestId());
        json.writeStringField("pool", pool.objectName().toString());
        writeText(json, "model", explanation.model());
        json.writeNumberField("priority", explanation.priority());
        json.writeNumberField("promptTokens", explanation.promptTokens());
        json.writeNumberField("candidates", explanation.candidates());
        writeRemovals(json, "filters", explanation.narrowed());
        json.writeArrayFieldStart("profiles");
        for (Stage stage : explanation.stages()) {
            writeStage(json, stage);
        }
        json.writeEndArray();
        writeText(json, "endpoint", explanation.endpoint());
        writeText(json, "runnerUp", explanation.runnerUp());
        var refusal = explanation.refusal();
        if (refusal != null) {
            json.writeObjectFieldStart("refused");
            json.writeNumberField("status", refusal.reason().status());
            json.writeStringField("reason", refusal.reason().toString());
            json.writeStringField("message", refusal.message());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void writeStage(JsonGenerator json, Stage stage) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", stage.profile());
        writeRemovals(json, "filters", stage.filters());
        json.writeArrayFieldStart("endpoints");
        for (Row row : stage.rows()) {
            json.writeStartObject();
            json.writeStringField("name", row.endpoint());
            json.writeStringField("address", row.address());
            json.writeBooleanField("avoided", row.avoided());
            json.writeNumberField("total", row.total());
            json.writeArrayFieldStart("scores");
            for (int i = 0; i < stage.scorers().size(); i++) {
                Weight weight = stage.scorers().get(i);
                json.writeStartObject();
                json.writeStringField("scorer", weight.scorer());
                json.writeNumberField("score", row.scores().get(i));
                json.writeNumberField("weight", weight.weight());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        writeText(json, "endpoint", stage.endpoint());
        json.writeEndObject();
    }

    private static void writeRemovals(JsonGenerator json, String name, List<Removal> removals)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (Removal removal : removals) {
            json.writeStartObject();
            json.writeStringField("filter", removal.filter());
            json.writeNumberField("left", removal.left());
            json.writeArrayFieldStart("removed");
            for (String endpoint : removal.removed()) {
                json.writeString(endpoint);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeText(JsonGenerator json, String name, @Nullable String value)
            throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }
}
