package io.weir.kubernetes.embedded.object;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonGeneratorImpl;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.RandomAccess;

/**
 * An array that is kept as the JSON text of its items, for what is held long and seldom looked at:
 * a tree takes ten times the memory. Readers see an array like any other, whose items are made when
 * they are asked for; a deep copy is one that can be changed. Changing this one throws {@link
 * UnsupportedOperationException}.
 */
@SuppressWarnings("unchecked") // the copy's type, as in Jackson's own nodes
public final class PackedArray extends ArrayNode {

    private static final long serialVersionUID = 1;

    private final transient Items items;

    private PackedArray(Items items) {
        super(JsonNodeFactory.instance, items);
        this.items = items;
    }

    /** Returns the array with its items packed; an array that is packed already as it is. */
    public static PackedArray of(ArrayNode array) {
        return array instanceof PackedArray packed ? packed : new PackedArray(Items.of(array));
    }

    @Override
    public ArrayNode deepCopy() {
        return Trees.array().addAll(items);
    }

    /** Writes the texts as they are. */
    @Override
    public void serialize(JsonGenerator out, SerializerProvider provider) throws IOException {
        if (!(out instanceof JsonGeneratorImpl) || out.getPrettyPrinter() != null) {
            super.serialize(out, provider);
            return;
        }
        out.writeStartArray(this, items.size());
        for (String text : items.texts) {
            out.writeRawValue(text);
        }
        out.writeEndArray();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        boolean same =
                other instanceof PackedArray packed
                        && Arrays.equals(items.texts, packed.items.texts);
        return same || super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** The items, each parsed when it is asked for. */
    private static final class Items extends AbstractList<JsonNode> implements RandomAccess {

        private final String[] texts;

        private Items(String[] texts) {
            this.texts = texts;
        }

        static Items of(ArrayNode array) {
            String[] texts = new String[array.size()];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = Trees.string(array.get(i));
            }
            return new Items(texts);
        }

        @Override
        public JsonNode get(int index) {
            return Trees.parse(texts[index]);
        }

        @Override
        public int size() {
            return texts.length;
        }
    }
}
