package io.weir.picker.plugin;

/**
 * A format of requests. Weir tells formats apart by itself; what a configuration lists is checked
 * and kept.
 *
 * @param type the type's name
 */
public record Parser(String type) implements Plugin {}
