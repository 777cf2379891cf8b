package io.weir.kubernetes.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one value may be. Read by {@link SchemaReader}.
 *
 * @param type the JSON type, or {@link Type#ANY}
 * @param properties known members of an object
 * @param additional what every other member of an object is; null when there are no others
 * @param items what every item of an array is; null when anything may be
 * @param required members that must be there
 * @param nullable whether null is a value
 * @param preserveUnknown whether members that are not known are kept
 * @param embeddedResource whether the value is itself an object with kind and metadata
 * @param defaultValue what an absent value becomes; null for nothing
 * @param limits lengths, ranges, formats and enumerations
 * @param merge how lists and maps are merged and owned
 * @param logic combinations that must hold besides
 * @param rules CEL rules on this value
 */
public record Schema(
        Type type,
        Map<String, Schema> properties,
        @Nullable Schema additional,
        @Nullable Schema items,
        Set<String> required,
        boolean nullable,
        boolean preserveUnknown,
        boolean embeddedResource,
        @Nullable JsonNode defaultValue,
        Limits limits,
        Merge merge,
        Logic logic,
        List<Rule> rules) {

    /** A value about which nothing is known: everything is kept and nothing is checked. */
    public static final Schema ANYTHING =
            new Schema(
                    Type.ANY,
                    Map.of(),
                    null,
                    null,
                    Set.of(),
                    true,
                    true,
                    false,
                    null,
                    Limits.NONE,
                    Merge.PLAIN,
                    Logic.NONE,
                    List.of());

    /** The types of values. */
    public enum Type {
        OBJECT("object"),
        ARRAY("array"),
        STRING("string"),
        INTEGER("integer"),
        NUMBER("number"),
        BOOLEAN("boolean"),
        INT_OR_STRING("integer,string"),
        ANY("");

        private final String wire;

        Type(String wire) {
            this.wire = wire;
        }

        /** Returns the name in schemas and messages. */
        public String wire() {
            return wire;
        }
    }

    /** How the items of a list are told apart. */
    public enum ListType {
        /** The list is one value, owned and replaced as a whole. */
        ATOMIC,
        /** Each scalar occurs once. */
        SET,
        /** Items are objects, told apart by the values of their keys. */
        MAP
    }

    /**
     * How lists and maps are merged and owned.
     *
     * @param listType how items are told apart
     * @param listKeys keys of the items of a {@link ListType#MAP}
     * @param atomicMap whether an object is one value, owned and replaced as a whole
     * @param patchKey key by which a strategic merge patch matches items; empty for replacement
     * @param patchMerge whether a strategic merge patch adds to the list rather than replacing it
     * @param retainKeys whether such a patch may name the only members that stay
     */
    public record Merge(
            ListType listType,
            List<String> listKeys,
            boolean atomicMap,
            String patchKey,
            boolean patchMerge,
            boolean retainKeys) {

        static final Merge PLAIN = new Merge(ListType.ATOMIC, List.of(), false, "", false, false);
    }

    /**
     * Combinations of schemas.
     *
     * @param allOf all of them hold
     * @param anyOf at least one of them holds
     * @param oneOf exactly one of them holds
     * @param not does not hold; null for none
     */
    public record Logic(
            List<Schema> allOf, List<Schema> anyOf, List<Schema> oneOf, @Nullable Schema not) {

        static final Logic NONE = new Logic(List.of(), List.of(), List.of(), null);

        boolean isEmpty() {
            return allOf.isEmpty() && anyOf.isEmpty() && oneOf.isEmpty() && not == null;
        }
    }

    /**
     * One CEL rule.
     *
     * @param expression must be true of {@code self}
     * @param message told when it is not; empty for a message made of the expression
     * @param messageExpression CEL that makes the message; empty for none
     * @param reason for instance {@code FieldValueInvalid}
     * @param fieldPath path below the value to which the error is put; empty for the value itself
     * @param optionalOldSelf whether {@code oldSelf} is an optional that may be absent
     */
    public record Rule(
            String expression,
            String message,
            String messageExpression,
            String reason,
            String fieldPath,
            boolean optionalOldSelf) {}

    /** Returns the schema of a member; null when the member is not known. */
    public @Nullable Schema member(String name) {
        Schema known = properties.get(name);
        return known != null ? known : additional;
    }

    /** Returns whether the value is an object whose members are all alike. */
    public boolean isMap() {
        return type == Type.OBJECT && additional != null && properties.isEmpty();
    }

    /** Returns whether lists are told apart by item. */
    public boolean isAssociative() {
        return type == Type.ARRAY && merge.listType() != ListType.ATOMIC;
    }
}
