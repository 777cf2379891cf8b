package io.weir.picker;

/**
 * A header that a picker wants to have set.
 *
 * @param name name, lower case
 * @param value value
 */
public record HeaderField(String name, String value) {}
