package io.weir.kubernetes.embedded.kind;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the types of Kubernetes are written in its binary form: numbers instead of names.
 *
 * <p>Types are named as in the {@code .types} files, with their package; a kind has the name of its
 * API version and kind, for instance {@code apps/v1 Deployment}.
 */
public final class WireTypes {

    private final Map<String, Message> messages = new HashMap<>();

    /**
     * One type.
     *
     * @param packageName where the types of its fields are looked up first
     * @param fields by number
     * @param inlined messages by number, whose fields belong to this type
     */
    private record Message(
            String packageName,
            Map<Integer, Field> fields,
            Map<Integer, Map<Integer, Field>> inlined) {

        Message(String packageName) {
            this(packageName, new HashMap<>(), new HashMap<>());
        }
    }

    /**
     * One field.
     *
     * @param name in JSON
     * @param type as in the {@code .types} files, for instance {@code [Container]}
     */
    public record Field(String name, String type) {}

    /** Adds a field; its number may be a path through an inlined message, as {@code 2.19}. */
    void add(String message, String packageName, String number, Field field) {
        Message target = messages.computeIfAbsent(message, key -> new Message(packageName));
        int dot = number.indexOf('.');
        if (dot < 0) {
            target.fields().put(Integer.valueOf(number), field);
            return;
        }
        target.inlined()
                .computeIfAbsent(Integer.valueOf(number.substring(0, dot)), key -> new HashMap<>())
                .put(Integer.valueOf(number.substring(dot + 1)), field);
    }

    /** Returns whether there is such a type. */
    public boolean has(String message) {
        return messages.containsKey(message);
    }

    /** Returns a field of a type. */
    public Optional<Field> field(String message, int number) {
        Message found = messages.get(message);
        return found == null ? Optional.empty() : Optional.ofNullable(found.fields().get(number));
    }

    /** Returns a field of a message that is inlined into a type. */
    public Optional<Field> inlinedField(String message, int outer, int number) {
        Message found = messages.get(message);
        @Nullable Map<Integer, Field> fields = found == null ? null : found.inlined().get(outer);
        return fields == null ? Optional.empty() : Optional.ofNullable(fields.get(number));
    }

    /** Returns whether a number of a type is an inlined message. */
    public boolean isInlined(String message, int number) {
        Message found = messages.get(message);
        return found != null && found.inlined().containsKey(number);
    }

    /** Returns the full name of a type that a field of another type names. */
    public String resolve(String message, String type) {
        Message found = messages.get(message);
        String own = (found == null ? "" : found.packageName()) + "." + type;
        return messages.containsKey(own) ? own : "meta." + type;
    }
}
