package io.weir.kubernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.weir.kubernetes.embedded.workload.Workloads;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** One server with workloads for the tests of a class, and kubectl to talk to it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ApiWithKubectl {

    final FakePods pods = new FakePods();

    private Optional<EmbeddedApi> started = Optional.empty();
    private Optional<Kubectl> found = Optional.empty();

    @BeforeAll
    void start(@TempDir Path home) throws IOException {
        Optional<Path> binary = Kubectl.find();
        assumeThat(binary).as("kubectl is not installed: its tests are skipped").isPresent();
        EmbeddedApi api = TestApi.withLogs(pods);
        started = Optional.of(api);
        InstantSource clock = InstantSource.system();
        api.subscribe("workloads", new Workloads(api.client("weir"), pods, clock));
        found = Optional.of(Kubectl.of(binary.get(), home, api.kubeconfig()));
    }

    @AfterAll
    void stop() {
        started.ifPresent(EmbeddedApi::close);
    }

    final EmbeddedApi api() {
        return started.orElseThrow();
    }

    final Kubectl kubectl() {
        return found.orElseThrow();
    }

    final Kubectl.Result kubectl(String line) {
        return kubectl().run(line);
    }

    final Kubectl.Result kubectl(String line, String in) {
        return kubectl().run(line, in);
    }

    /** Runs what has to succeed and returns what it printed. */
    final String done(String line) {
        return done(line, "");
    }

    final String done(String line, String in) {
        Kubectl.Result result = kubectl(line, in);
        assertThat(result.code()).as(line + ": " + result.all()).isZero();
        return result.out();
    }
}
