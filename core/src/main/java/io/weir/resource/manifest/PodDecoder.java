package io.weir.resource.manifest;

import io.weir.resource.ObjectMeta;
import io.weir.resource.Pod;
import io.weir.resource.PodSpec;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/** Reads Pods, those of a cluster and those that a file names as real servers. */
final class PodDecoder {

    private PodDecoder() {}

    static Pod decode(ObjectMeta metadata, Fields object) {
        PodSpec spec = PodSpecDecoder.decode(object.object("spec"), 0);
        Fields status = object.object("status");
        status.knows(status.names());
        String address = address(status);
        boolean terminating = object.value("metadata").hasNonNull("deletionTimestamp");
        String node = Objects.requireNonNullElse(status.optionalText("hostIP", TextRule.ANY), "");
        return new Pod(metadata, spec, address, node, ready(status, address), terminating);
    }

    private static @Nullable String address(Fields status) {
        String address = status.optionalText("podIP", TextRule.ANY);
        if (address != null && !address.isEmpty()) {
            return status.optionalText("podIP", TextRule.HOST);
        }
        for (Fields each : status.list("podIPs", 0, Integer.MAX_VALUE)) {
            return each.text("ip", TextRule.HOST);
        }
        return null;
    }

    private static boolean ready(Fields status, @Nullable String address) {
        List<Fields> conditions = status.list("conditions", 0, Integer.MAX_VALUE);
        boolean judged = false;
        boolean ready = false;
        for (Fields condition : conditions) {
            condition.knows(condition.names());
            if (condition.text("type", TextRule.NOT_EMPTY).equals("Ready")) {
                judged = true;
                ready = condition.text("status", TextRule.NOT_EMPTY).equals("True");
            }
        }
        return judged ? ready : conditions.isEmpty() && address != null;
    }
}
