package io.weir.picker.plugin;

/**
 * A plugin that configurations name and that Weir needs no plugin for, because it does the same
 * without being told: it parses requests, counts work in flight and scrapes metrics in any case.
 *
 * @param type the type's name
 */
public record Inherent(String type) implements Plugin {}
