package io.weir.kubernetes.embedded;

import io.weir.kubernetes.embedded.engine.Admission;
import io.weir.kubernetes.embedded.http.PodLogs;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How the API server is to run.
 *
 * @param address where it listens; port 0 for any
 * @param dataDirectory where objects and credentials are kept; empty to forget them at the end
 * @param admissions who has a say in what is stored
 * @param logs where the logs of Pods come from
 * @param clock the time
 * @param random for names and uids; used by many threads
 */
public record EmbeddedApiOptions(
        InetSocketAddress address,
        Optional<Path> dataDirectory,
        List<Admission> admissions,
        PodLogs logs,
        InstantSource clock,
        RandomGenerator random) {

    public EmbeddedApiOptions {
        admissions = List.copyOf(admissions);
    }
}
