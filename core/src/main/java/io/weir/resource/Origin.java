package io.weir.resource;

/**
 * Where an object came from.
 *
 * @param source a file name, or the name of an API server
 * @param line first line of the object in the file, from 1; 0 when there are no lines
 */
public record Origin(String source, int line) {

    /** Returns {@code file:line}, or the source alone. */
    @Override
    public String toString() {
        return line > 0 ? source + ":" + line : source;
    }
}
