package io.weir.config;

import io.weir.picker.Endpoint;
import io.weir.resource.EndpointSlice;

/** Endpoints of EndpointSlices. */
final class SliceEndpoints {

    private SliceEndpoints() {}

    /** Returns one endpoint; of several addresses, which all mean the same server, the first. */
    static Endpoint of(
            EndpointSlice slice, EndpointSlice.Endpoint endpoint, EndpointSlice.Port port) {
        String address = endpoint.addresses().getFirst();
        String namespace = slice.metadata().namespace();
        String name =
                endpoint.podName().isEmpty()
                        ? namespace + "/" + address + ":" + port.port()
                        : namespace + "/" + endpoint.podName() + ":" + port.port();
        return new Endpoint(
                name, endpoint.podName(), address, port.port(), slice.metadata().labels());
    }
}
