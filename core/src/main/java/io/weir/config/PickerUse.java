package io.weir.config;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Which picker serves a pool that names one. */
public enum PickerUse {
    /** The one that is named where one is set up, else the built-in one. */
    AUTO("auto"),
    /** The built-in one. */
    BUILT_IN("builtin"),
    /** The one that is named, whether it runs or not. */
    EXTERNAL("external");

    /** All words, for messages. */
    public static final String EXPECTATION = "auto, builtin or external";

    private final String word;

    PickerUse(String word) {
        this.word = word;
    }

    /** Returns the use that a word means; hyphens and capitals don't matter. */
    public static Optional<PickerUse> of(String word) {
        String plain = word.replace("-", "").toLowerCase(Locale.ROOT);
        return Stream.of(values()).filter(use -> use.word.equals(plain)).findFirst();
    }

    /** Returns the word for it. */
    @Override
    public String toString() {
        return word;
    }
}
