package io.weir.resource;

import java.util.List;
import java.util.Map;

/**
 * What runs in a Pod.
 *
 * @param containers containers, without init containers
 * @param configMapVolumes ConfigMap name by volume name
 */
public record PodSpec(List<Container> containers, Map<String, String> configMapVolumes) {

    public PodSpec {
        containers = List.copyOf(containers);
        configMapVolumes = Map.copyOf(configMapVolumes);
    }

    /**
     * One container.
     *
     * @param name name
     * @param image image reference
     * @param command entry point, empty when the image's
     * @param args arguments
     * @param env environment variables with literal values
     * @param ports declared ports
     * @param volumeMounts mount path by volume name
     */
    public record Container(
            String name,
            String image,
            List<String> command,
            List<String> args,
            Map<String, String> env,
            List<ContainerPort> ports,
            Map<String, String> volumeMounts) {
        public Container {
            command = List.copyOf(command);
            args = List.copyOf(args);
            env = Map.copyOf(env);
            ports = List.copyOf(ports);
            volumeMounts = Map.copyOf(volumeMounts);
        }
    }

    /**
     * A declared port.
     *
     * @param name name, may be empty
     * @param port number
     */
    public record ContainerPort(String name, int port) {}
}
