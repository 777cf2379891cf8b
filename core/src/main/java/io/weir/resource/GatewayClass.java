package io.weir.resource;

/**
 * A GatewayClass ({@code gateway.networking.k8s.io}).
 *
 * @param metadata metadata
 * @param controllerName the controller that owns Gateways of this class
 */
public record GatewayClass(ObjectMeta metadata, String controllerName) implements Resource {

    @Override
    public String kind() {
        return "GatewayClass";
    }
}
