package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real kubectl, which talks to a running {@code weir up}. */
final class Kubectl {

    private static final int TIMEOUT_SECONDS = 60;

    private final Path binary;
    private final Path kubeconfig;
    private final Path home;

    private Kubectl(Path binary, Path kubeconfig, Path home) {
        this.binary = binary;
        this.kubeconfig = kubeconfig;
        this.home = home;
    }

    /** Skips the test where kubectl is not installed. */
    static Kubectl of(WeirRunner weir, Path home) {
        Optional<Path> binary = find();
        assumeThat(binary).as("kubectl is not installed: its tests are skipped").isPresent();
        return new Kubectl(binary.orElseThrow(), weir.program().kubeconfig().orElseThrow(), home);
    }

    private static Optional<Path> find() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Runs a command that is to succeed, and returns what it printed. */
    String run(String... words) {
        Result result = attempt(words);
        assertThat(result.code()).as("%s: %s", List.of(words), result.text()).isZero();
        return result.text().strip();
    }

    /** Runs a command. */
    Result attempt(String... words) {
        List<String> command = new ArrayList<>();
        command.add(binary.toString());
        command.add("--cache-dir=" + home.resolve("kube-cache"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("HOME", home.toString());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            byte[] out = process.getInputStream().readAllBytes();
            assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .as("%s", command)
                    .isTrue();
            return new Result(process.exitValue(), new String(out, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /**
     * What came of a command.
     *
     * @param code exit code
     * @param text everything that was printed
     */
    record Result(int code, String text) {}
}
