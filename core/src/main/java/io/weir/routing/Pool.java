package io.weir.routing;

import io.weir.model.ModelRewrites;
import io.weir.picker.Endpoint;
import io.weir.picker.PickerSettings;
import io.weir.picker.external.ExternalPicker;
import io.weir.resource.InferencePool.AppProtocol;
import io.weir.resource.InferencePool.FailureMode;
import io.weir.resource.ObjectKey;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * An InferencePool with everything that refers to it.
 *
 * @param key group, kind, namespace and name; a picker keeps its state under this key when the
 *     configuration changes
 * @param endpoints endpoints that are ready
 * @param appProtocol what the servers speak
 * @param failureMode what happens when an external picker can't be asked
 * @param rewrites model rewrites and splits of the pool
 * @param priorities priority by InferenceObjective name
 * @param modelPriorities priority by model that clients ask for, from the criticality of
 *     InferenceModels: Critical 2, Standard 0, Sheddable -1; an InferenceObjective that the request
 *     names goes before it
 * @param picker settings of the built-in picker
 * @param external the picker that is asked instead; null for the built-in one
 */
public record Pool(
        ObjectKey key,
        List<Endpoint> endpoints,
        AppProtocol appProtocol,
        FailureMode failureMode,
        ModelRewrites rewrites,
        Map<String, Integer> priorities,
        Map<String, Integer> modelPriorities,
        PickerSettings picker,
        @Nullable ExternalPicker external) {

    public Pool {
        endpoints = List.copyOf(endpoints);
        priorities = Map.copyOf(priorities);
        modelPriorities = Map.copyOf(modelPriorities);
    }

    /** A pool with the built-in picker. */
    public Pool(
            ObjectKey key,
            List<Endpoint> endpoints,
            AppProtocol appProtocol,
            FailureMode failureMode,
            ModelRewrites rewrites,
            Map<String, Integer> priorities,
            Map<String, Integer> modelPriorities,
            PickerSettings picker) {
        this(
                key,
                endpoints,
                appProtocol,
                failureMode,
                rewrites,
                priorities,
                modelPriorities,
                picker,
                null);
    }
}
