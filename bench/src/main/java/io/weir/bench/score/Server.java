package io.weir.bench.score;

import io.weir.picker.Endpoint;
import io.weir.simulator.engine.Engine;

import java.util.Map;

/** A simulated server and its address. */
final class Server {

    private static final int FIRST_PORT = 8000;

    final Engine engine;
    final Endpoint endpoint;
    int requests;

    Server(int number, Engine engine) {
        this.engine = engine;
        String name = "server-" + number;
        endpoint = new Endpoint(name, name, "10.0.0.1", FIRST_PORT + number, Map.of());
    }

    /** Returns the number of the server at an endpoint. */
    static int number(Endpoint endpoint) {
        return endpoint.port() - FIRST_PORT;
    }
}
