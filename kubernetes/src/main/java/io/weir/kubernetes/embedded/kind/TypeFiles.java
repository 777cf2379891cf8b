package io.weir.kubernetes.embedded.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the {@code .types} files, in which the built-in kinds are written down.
 *
 * <pre>
 * package gateway
 * scalar GroupName string maxLength=253
 * kind Gateway gateway.networking.k8s.io/v1,v1beta1 gateways short=gtw status generation
 *   column "Class" string .spec.gatewayClassName
 *   spec! GatewaySpec
 * type Listener : A port and a protocol.
 *   port! int32 min=1 max=65535 : The port.
 * </pre>
 *
 * <p>A name with {@code !} is required. A number after the type, as in {@code int32 #4}, is the
 * field's number in the binary form, or its path when the field is in an inlined message. A type is
 * a scalar, {@code [list]}, {@code {map}} or the name of another type; the first version of a kind
 * is the one that is stored. Options are those of {@link TypeLines}; what they hold has no spaces,
 * which JSON and patterns can escape.
 */
final class TypeFiles {

    private final List<Block> blocks = new ArrayList<>();
    private final Map<String, ObjectNode> scalars = new HashMap<>();
    private final Set<String> types = new HashSet<>();
    private final ObjectNode components = Trees.object();
    private final WireTypes wire = new WireTypes();

    /** A kind or a type, and the lines below it. */
    private record Block(String packageName, String head, List<String> lines) {

        boolean isKind() {
            return head.startsWith("kind ");
        }

        /** The fields of kinds that are only kept are not written down, so neither are numbers. */
        boolean isInert() {
            return List.of(head.split(" ", -1)).contains("inert");
        }

        String name() {
            return head.split(" ", 3)[1];
        }

        String fullName() {
            return packageName + "." + name();
        }

        /** Returns the names under which the binary form knows the block. */
        String wireName() {
            String[] words = head.split(" ", 4);
            return isKind() ? words[2] + " " + words[1] : fullName();
        }
    }

    /** Adds the text of one file. */
    void add(String text) {
        String packageName = "";
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("  ")) {
                blocks.getLast().lines().add(line.strip());
            } else if (line.startsWith("package ")) {
                packageName = line.substring(8).strip();
            } else if (line.startsWith("scalar ")) {
                scalar(packageName, line);
            } else {
                blocks.add(new Block(packageName, line, new ArrayList<>()));
            }
        }
    }

    private void scalar(String packageName, String line) {
        List<String> words = List.of(line.split(" +", -1));
        TypeLines lines = new TypeLines(packageName, scalars, types);
        scalars.put(words.get(1), lines.field(words.subList(2, words.size()), ""));
    }

    /** Returns the kinds of all files that were added. */
    List<KindInfo> kinds() {
        blocks.stream().filter(block -> !block.isKind()).forEach(b -> types.add(b.fullName()));
        for (Block block : blocks) {
            if (!block.isKind()) {
                components.set(block.fullName(), object(block));
            }
        }
        return blocks.stream().filter(Block::isKind).map(this::kind).toList();
    }

    /** Returns the binary form of what was added; after {@link #kinds}. */
    WireTypes wire() {
        return wire;
    }

    private KindInfo kind(Block block) {
        if (!block.isInert()) {
            wire.add(
                    block.wireName(),
                    block.packageName(),
                    "1",
                    new WireTypes.Field("metadata", "ObjectMeta"));
        }
        ObjectNode schema = object(block);
        ObjectNode properties = (ObjectNode) schema.get("properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        ObjectNode metadata = properties.putObject("metadata");
        metadata.put("$ref", "#/components/schemas/meta.ObjectMeta");
        return KindHeads.read(block.head(), columns(block), new SchemaSource(schema, components));
    }

    private static List<KindVersion.Column> columns(Block block) {
        return block.lines().stream()
                .filter(line -> line.startsWith("column "))
                .map(KindHeads::column)
                .toList();
    }

    private ObjectNode object(Block block) {
        TypeLines reader = new TypeLines(block.packageName(), scalars, types);
        ObjectNode schema = Trees.object().put("type", "object");
        describe(schema, block.head());
        ObjectNode properties = schema.putObject("properties");
        for (String line : block.lines()) {
            if (!line.startsWith("column ")) {
                field(block, reader, line, schema, properties);
            }
        }
        return schema;
    }

    private static void describe(ObjectNode schema, String head) {
        int at = head.indexOf(" : ");
        if (at >= 0) {
            schema.put("description", head.substring(at + 3).strip());
        }
    }

    private void field(
            Block block, TypeLines reader, String line, ObjectNode schema, ObjectNode properties) {
        int at = line.indexOf(" : ");
        String description = at < 0 ? "" : line.substring(at + 3).strip();
        List<String> words = List.of((at < 0 ? line : line.substring(0, at)).split(" +", -1));
        String name = words.getFirst();
        if (name.endsWith("!")) {
            name = name.substring(0, name.length() - 1);
            schema.withArray("required").add(name);
        }
        List<String> type = new ArrayList<>(words.subList(1, words.size()));
        if (type.size() > 1 && type.get(1).startsWith("#")) {
            String number = type.remove(1).substring(1);
            WireTypes.Field field = new WireTypes.Field(name, type.getFirst());
            wire.add(block.wireName(), block.packageName(), number, field);
        }
        properties.set(name, reader.field(type, description));
    }
}
