package io.weir.app.simulated;

/** Which Deployments run as simulated servers. */
public enum Simulate {
    /** None: only Pods, EndpointSlices and endpoints files name servers. */
    NONE,
    /** Those whose image is a model-server simulator. */
    IMAGES,
    /** Those of real model servers, too. */
    ALL
}
