package io.weir.app.simulated;

import io.weir.simulator.SimulatorArguments;

/**
 * A Pod as a simulated server.
 *
 * @param arguments how the server is set up, but for its name
 * @param standsForReal whether the image is a real model server
 */
record ServerSpec(SimulatorArguments arguments, boolean standsForReal) {}
