package io.weir.resource.manifest;

/**
 * Limits on what is read, against mistakes and malice.
 *
 * @param textBytes bytes of a whole file
 * @param depth levels of maps and lists within each other
 * @param nodes values in one document, with aliases expanded
 */
public record Limits(int textBytes, int depth, int nodes) {

    /** 64 MiB of text, 100 levels, two million values. */
    public static final Limits DEFAULT = new Limits(64 << 20, 100, 2_000_000);
}
