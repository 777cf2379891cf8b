package io.weir.resource.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One object as written.
 *
 * @param tree its fields; not to be changed
 * @param lines the line of every field
 */
public record Manifest(ObjectNode tree, LineIndex lines) {}
