package io.weir.app.up;

import io.weir.picker.Endpoint;
import io.weir.resource.FileEndpoint;
import io.weir.resource.InferencePool;
import io.weir.resource.Problem;
import io.weir.resource.manifest.EndpointsFile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The model servers of all endpoints files.
 *
 * @param endpoints the servers
 * @param problems what is wrong with the files
 */
public record FileEndpoints(List<FileEndpoint> endpoints, List<Problem> problems) {

    /** No servers. */
    public static final FileEndpoints NONE = new FileEndpoints(List.of(), List.of());

    public FileEndpoints {
        endpoints = List.copyOf(endpoints);
        problems = List.copyOf(problems);
    }

    /** Reads files: their content by name. */
    public static FileEndpoints read(Map<Path, byte[]> contents) {
        List<FileEndpoint> endpoints = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        contents.forEach((file, content) -> {
            EndpointsFile read = EndpointsFile.read(file.toString(), content);
            endpoints.addAll(read.endpoints());
            problems.addAll(read.problems());
        });
        return new FileEndpoints(endpoints, problems);
    }

    /** Returns the servers that a pool selects. */
    List<Endpoint> of(InferencePool pool) {
        String namespace = pool.metadata().namespace();
        return endpoints.stream()
                .filter(endpoint -> endpoint.name().namespace().equals(namespace))
                .filter(endpoint -> isSelected(endpoint, pool.selector()))
                .map(FileEndpoints::endpoint)
                .toList();
    }

    /** Returns the servers with these labels, whatever their namespace. */
    public List<Endpoint> with(Map<String, String> labels) {
        return endpoints.stream()
                .filter(endpoint -> isSelected(endpoint, labels))
                .map(FileEndpoints::endpoint)
                .toList();
    }

    private static boolean isSelected(FileEndpoint endpoint, Map<String, String> labels) {
        return endpoint.labels().entrySet().containsAll(labels.entrySet());
    }

    private static Endpoint endpoint(FileEndpoint endpoint) {
        return new Endpoint(
                endpoint.name().toString(),
                endpoint.name().name(),
                endpoint.address(),
                endpoint.port(),
                endpoint.labels());
    }
}
