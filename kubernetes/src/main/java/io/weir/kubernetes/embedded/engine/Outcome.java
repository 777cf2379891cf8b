package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * What a write has done.
 *
 * @param object the object as it is now, in the version that was asked for; not to be changed
 * @param created whether it is new
 * @param warnings what the writer should know
 */
public record Outcome(ObjectNode object, boolean created, List<String> warnings) {}
