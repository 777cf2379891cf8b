package io.weir.simulator;

/** Hears of the requests that a server answers, on the server's event loop; must not block. */
@FunctionalInterface
public interface RequestLog {

    /**
     * Called when an answer begins.
     *
     * @param client address and port of the client
     * @param method method
     * @param path path without query
     * @param status status of the answer
     */
    void answered(String client, String method, String path, int status);
}
