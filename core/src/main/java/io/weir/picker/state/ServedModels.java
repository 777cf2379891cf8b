package io.weir.picker.state;

import io.weir.picker.EndpointSnapshot.ServedModel;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The models that a server says it serves. */
public final class ServedModels {

    /** The server was not asked yet, or does not say. */
    public static final ServedModels UNKNOWN = new ServedModels(List.of());

    private final List<ServedModel> models;
    private final Set<String> ids;
    private final Set<String> adapters;

    private ServedModels(List<ServedModel> models) {
        this.models = List.copyOf(models);
        this.ids = models.stream().map(ServedModel::id).collect(Collectors.toUnmodifiableSet());
        this.adapters =
                models.stream()
                        .filter(model -> !model.parent().isEmpty())
                        .map(ServedModel::id)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the models of a list; an empty list is an unknown one. */
    public static ServedModels of(List<ServedModel> models) {
        return models.isEmpty() ? UNKNOWN : new ServedModels(models);
    }

    /** Returns whether the server said what it serves. */
    public boolean known() {
        return !models.isEmpty();
    }

    /** Returns whether the list has a model of this name. */
    public boolean has(String model) {
        return ids.contains(model);
    }

    /** Returns whether a model of this name is an adapter on another. */
    public boolean isAdapter(String model) {
        return adapters.contains(model);
    }

    /** Returns whether the other one is this very list; equal lists may still be two. */
    @SuppressWarnings("ReferenceEquality")
    public boolean sameAs(ServedModels other) {
        return this == other;
    }

    /** Returns the list as the server gave it. */
    public List<ServedModel> list() {
        return models;
    }
}
