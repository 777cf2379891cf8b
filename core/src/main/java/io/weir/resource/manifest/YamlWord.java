package io.weir.resource.manifest;

import com.fasterxml.jackson.databind.node.BooleanNode;

/** A boolean that was written as another word, such as {@code yes}, which messages then show. */
@SuppressWarnings("EqualsHashCode")
final class YamlWord extends BooleanNode {

    private final String word;

    YamlWord(boolean value, String word) {
        super(value);
        this.word = word;
    }

    @Override
    public String asText() {
        return word;
    }
}
