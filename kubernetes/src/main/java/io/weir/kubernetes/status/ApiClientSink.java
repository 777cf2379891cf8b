package io.weir.kubernetes.status;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.resource.ObjectKey;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Writes statuses into the API server of this program. */
public final class ApiClientSink implements StatusSink {

    private static final Logger LOG = LoggerFactory.getLogger(ApiClientSink.class);

    private final ApiClient client;
    private final Map<String, String> apiVersions = new ConcurrentHashMap<>();

    /** Makes a sink. */
    public ApiClientSink(ApiClient client) {
        this.client = client;
    }

    @Override
    public Optional<ObjectNode> find(ObjectKey key) {
        String apiVersion = apiVersion(key);
        if (apiVersion.isEmpty()) {
            return Optional.empty();
        }
        try {
            return client.get(apiVersion, key.kind(), key.namespace(), key.name());
        } catch (ApiError e) {
            apiVersions.clear();
            throw e;
        }
    }

    /** Returns the version in which a kind is stored; empty when there is no such kind now. */
    private String apiVersion(ObjectKey key) {
        return apiVersions.computeIfAbsent(key.group() + "/" + key.kind(), _ -> lookUp(key));
    }

    private String lookUp(ObjectKey key) {
        return client.kinds().stream()
                .filter(kind -> kind.group().equals(key.group()) && kind.kind().equals(key.kind()))
                .findFirst()
                .map(ApiClientSink::stored)
                .orElse("");
    }

    private static String stored(KindInfo kind) {
        return Trees.apiVersion(kind.group(), kind.storage().name());
    }

    @Override
    public Optional<ObjectNode> write(ObjectNode object, ObjectNode status) {
        try {
            return Optional.of(client.setStatus(object, status));
        } catch (ApiError e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void record(ObjectNode event) {
        try {
            Optional<ObjectNode> present =
                    client.get("v1", "Event", Trees.namespace(event), Trees.name(event));
            if (present.isPresent()) {
                client.update(EventTree.again(present.get(), event));
            } else {
                client.create(event);
            }
        } catch (ApiError e) {
            LOG.atDebug().addKeyValue("event", Trees.name(event)).setCause(e).log("event lost");
        }
    }

    /** An object of a file is compiled from the file, and its generation counted by the API. */
    @Override
    public long generation(ObjectNode object, long compiled) {
        return client.fileOf(object).isPresent()
                ? Trees.at(object, "metadata", "generation").asLong(compiled)
                : compiled;
    }
}
