package io.weir.resource.manifest;

import java.nio.charset.StandardCharsets;

/**
 * A text to load.
 *
 * @param name name of the file, or for instance {@code standard input}
 * @param content the bytes, in UTF-8; the array is not changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record SourceText(String name, byte[] content) {

    /** Returns the text as one to load. */
    public static SourceText of(String name, String text) {
        return new SourceText(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
