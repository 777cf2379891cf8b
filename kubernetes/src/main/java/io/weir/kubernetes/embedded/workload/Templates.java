package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** Pod templates of Deployments, and of the ReplicaSets made from them. */
final class Templates {

    /** The label that tells the Pods of one ReplicaSet from those of another. */
    static final String HASH = "pod-template-hash";

    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private Templates() {}

    /** Returns whether a ReplicaSet was made from the present template of a Deployment. */
    static boolean isOf(ObjectNode set, ObjectNode deployment) {
        ObjectNode template = Trees.objectAt(set, "spec", "template").deepCopy();
        ObjectNode labels = Trees.objectAt(template, "metadata", "labels");
        labels.remove(HASH);
        return template.equals(Trees.objectAt(deployment, "spec", "template"));
    }

    /** Returns a few letters that change with the template, whatever the order of its members. */
    static String hash(ObjectNode deployment) {
        CRC32 crc = new CRC32();
        add(crc, Trees.at(deployment, "spec", "template"));
        StringBuilder text = new StringBuilder();
        for (long rest = crc.getValue(); rest > 0; rest /= LETTERS.length()) {
            text.append(LETTERS.charAt((int) (rest % LETTERS.length())));
        }
        return text.toString();
    }

    private static void add(CRC32 crc, JsonNode node) {
        if (node.isObject()) {
            TreeMap<String, JsonNode> members = new TreeMap<>();
            node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
            members.forEach((name, value) -> {
                crc.update(name.getBytes(StandardCharsets.UTF_8));
                crc.update(':');
                add(crc, value);
            });
        } else if (node.isArray()) {
            node.forEach(item -> add(crc, item));
        } else {
            crc.update(node.toString().getBytes(StandardCharsets.UTF_8));
        }
        crc.update(',');
    }
}
