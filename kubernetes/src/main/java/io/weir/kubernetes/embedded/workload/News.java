package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.zip.CRC32;

/** Tells people what is done with workloads, as Events. One that can't be written is lost. */
final class News {

    private static final Logger LOG = LoggerFactory.getLogger(News.class);
    private static final int MAX_NAME_CHARS = 240;

    private final ApiClient client;
    private final InstantSource clock;
    private final String component;

    /**
     * @param component who tells, for instance {@code deployment-controller}
     */
    News(ApiClient client, InstantSource clock, String component) {
        this.client = client;
        this.clock = clock;
        this.component = component;
    }

    /** Tells something about an object. Each time is an Event of its own. */
    void tell(ObjectNode object, String reason, String message) {
        ObjectNode event = Trees.object().put("apiVersion", "v1").put("kind", "Event");
        String namespace = Trees.namespace(object);
        Trees.metadata(event)
                .put("name", name(object, reason + message))
                .put("namespace", namespace);
        ObjectNode involved = event.putObject("involvedObject");
        involved.put("apiVersion", Trees.text(object, "apiVersion"))
                .put("kind", Trees.text(object, "kind"))
                .put("namespace", namespace)
                .put("name", Trees.name(object))
                .put("uid", Trees.uid(object));
        event.put("type", "Normal").put("reason", reason).put("message", message);
        event.putObject("source").put("component", component);
        event.put("reportingComponent", component).put("reportingInstance", "");
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        event.put("firstTimestamp", now).put("lastTimestamp", now).put("count", 1);
        try {
            client.create(event);
        } catch (ApiError e) {
            LOG.atDebug().addKeyValue("reason", reason).setCause(e).log("event lost");
        }
    }

    private String name(ObjectNode object, String what) {
        CRC32 hash = new CRC32();
        hash.update((clock.instant() + what).getBytes(StandardCharsets.UTF_8));
        String name = Trees.name(object);
        return name.substring(0, Math.min(name.length(), MAX_NAME_CHARS))
                + "."
                + Long.toHexString(hash.getValue());
    }
}
