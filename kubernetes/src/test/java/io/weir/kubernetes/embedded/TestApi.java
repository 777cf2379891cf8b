package io.weir.kubernetes.embedded;

import io.weir.kubernetes.embedded.engine.Admission;
import io.weir.kubernetes.embedded.http.PodLogs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Starts API servers for tests. */
final class TestApi {

    private static final PodLogs NO_LOGS = (pod, request, sink) -> sink.open().close();

    private TestApi() {}

    static EmbeddedApi ephemeral(Admission... admissions) throws IOException {
        return start(Optional.empty(), List.of(admissions), NO_LOGS);
    }

    static EmbeddedApi in(Path directory) throws IOException {
        return start(Optional.of(directory), List.of(), NO_LOGS);
    }

    static EmbeddedApi withLogs(PodLogs logs) throws IOException {
        return start(Optional.empty(), List.of(), logs);
    }

    static EmbeddedApi in(Path directory, InstantSource clock) throws IOException {
        return start(Optional.of(directory), List.of(), NO_LOGS, clock);
    }

    private static EmbeddedApi start(
            Optional<Path> directory, List<Admission> admissions, PodLogs logs) throws IOException {
        return start(directory, admissions, logs, InstantSource.system());
    }

    private static EmbeddedApi start(
            Optional<Path> directory, List<Admission> admissions, PodLogs logs, InstantSource clock)
            throws IOException {
        return EmbeddedApi.start(
                new EmbeddedApiOptions(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        directory,
                        admissions,
                        logs,
                        clock,
                        new SecureRandom()));
    }
}
