package io.weir.app.api;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the API is and what it keeps.
 *
 * @param address address on which it listens
 * @param port port; 0 for any free one
 * @param dataDirectory where objects and credentials are kept; empty to forget them at the end
 */
public record ApiOptions(String address, int port, Optional<Path> dataDirectory) {

    /** Returns the directory of a user who names none. */
    public static Path defaultDirectory(Map<String, String> environment, String home) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path base = state.isEmpty() ? Path.of(home, ".local", "state") : Path.of(state);
        return base.resolve("weir").resolve("up");
    }
}
