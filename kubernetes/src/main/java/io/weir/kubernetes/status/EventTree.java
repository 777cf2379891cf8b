package io.weir.kubernetes.status;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.zip.CRC32;

/**
 * Events of the core group. The same news of the same object has the same name, so that repetitions
 * are counted rather than piled up.
 */
public final class EventTree {

    private static final int MAX_MESSAGE_CHARS = 1_000;
    private static final int MAX_NAME_CHARS = 240;
    private static final String COMPONENT = "weir";

    private EventTree() {}

    /**
     * Returns an event that warns people.
     *
     * @param object the object that it is about
     * @param reason one word
     * @param message what is wrong
     * @param now the time
     */
    public static ObjectNode warning(
            ObjectNode object, String reason, String message, Instant now) {
        return of(object, new StatusChanges.News(false, reason, message), now);
    }

    static ObjectNode of(ObjectNode object, StatusChanges.News news, Instant now) {
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        String type = news.good() ? "Normal" : "Warning";
        String message =
                news.message().length() > MAX_MESSAGE_CHARS
                        ? news.message().substring(0, MAX_MESSAGE_CHARS)
                        : news.message();
        ObjectNode event = Trees.object().put("apiVersion", "v1").put("kind", "Event");
        String namespace = Trees.namespace(object);
        Trees.metadata(event)
                .put("name", name(object, type + news.reason() + message))
                .put("namespace", namespace.isEmpty() ? "default" : namespace);
        involved(event, object);
        event.put("type", type).put("reason", news.reason()).put("message", message);
        event.putObject("source").put("component", COMPONENT);
        event.put("reportingComponent", COMPONENT).put("reportingInstance", COMPONENT);
        return event.put("firstTimestamp", time).put("lastTimestamp", time).put("count", 1);
    }

    private static void involved(ObjectNode event, ObjectNode object) {
        ObjectNode involved = event.putObject("involvedObject");
        involved.put("apiVersion", Trees.text(object, "apiVersion"))
                .put("kind", Trees.text(object, "kind"))
                .put("name", Trees.name(object))
                .put("uid", Trees.uid(object));
        if (!Trees.namespace(object).isEmpty()) {
            involved.put("namespace", Trees.namespace(object));
        }
    }

    private static String name(ObjectNode object, String what) {
        CRC32 hash = new CRC32();
        hash.update((Trees.uid(object) + what).getBytes(StandardCharsets.UTF_8));
        String name = Trees.name(object);
        return name.substring(0, Math.min(name.length(), MAX_NAME_CHARS))
                + "."
                + Long.toHexString(hash.getValue());
    }

    /**
     * Returns an event that has happened again.
     *
     * @param present the event as the API has it; not changed
     * @param event the same event, now
     */
    public static ObjectNode again(ObjectNode present, ObjectNode event) {
        ObjectNode again = present.deepCopy();
        again.put("count", Trees.at(present, "count").asInt(1) + 1);
        again.put("lastTimestamp", Trees.text(event, "lastTimestamp"));
        return again;
    }
}
