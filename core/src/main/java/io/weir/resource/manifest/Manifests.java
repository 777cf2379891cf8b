package io.weir.resource.manifest;

import io.weir.resource.Problem;

import java.util.List;

/**
 * What a text holds.
 *
 * @param objects the objects in order, lists unfolded, empty documents left out
 * @param problems what could not be read
 */
public record Manifests(List<Manifest> objects, List<Problem> problems) {
    public Manifests {
        objects = List.copyOf(objects);
        problems = List.copyOf(problems);
    }
}
