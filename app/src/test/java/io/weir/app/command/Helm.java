package io.weir.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Yaml;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The real helm: from the variable HELM, from the path, or from where continuous integration puts
 * it.
 */
final class Helm {

    private static final Path CHARTS = Path.of("..", "charts");
    private static final Path OURS = Path.of("..", "target", "helm", "bin", "helm");

    private Helm() {}

    /** Skips the tests where there is no helm. */
    static void assumeThere() {
        if (path().isEmpty()) {
            System.err.println("SKIPPED: the charts are not tried, for there is no helm");
        }
        assumeTrue(!path().isEmpty(), "no helm on the path");
    }

    /** Renders a chart. */
    static List<ObjectNode> render(String release, String chart, String... options)
            throws Exception {
        Ran ran = template(release, chart, options);
        assertThat(ran.exit()).as(ran.err()).isZero();
        return Yaml.parseAll(ran.out());
    }

    /** Tries to render a chart. */
    static Ran template(String release, String chart, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of(path(), "template", release, chart(chart)));
        words.addAll(List.of("--kube-version", "1.32.0"));
        words.addAll(List.of(options));
        return run(Map.of(), words);
    }

    /** Runs a command with this environment. */
    static Ran run(Map<String, String> environment, List<String> words) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        StringBuilder err = new StringBuilder();
        Thread reader = Thread.ofVirtual().start(() -> err.append(text(process.getErrorStream())));
        String out = text(process.getInputStream());
        reader.join();
        return new Ran(process.waitFor(), out, err.toString());
    }

    static String chart(String name) {
        return CHARTS.resolve(name).toString();
    }

    /** Returns the program; empty when there is none. */
    static String path() {
        String named = System.getenv().getOrDefault("HELM", "");
        Stream<Path> onPath =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                        .map(folder -> Path.of(folder, "helm"));
        return !named.isEmpty()
                ? named
                : Stream.concat(onPath, Stream.of(OURS))
                        .filter(Files::isExecutable)
                        .map(found -> found.toAbsolutePath().toString())
                        .findFirst()
                        .orElse("");
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What came of a command. */
    record Ran(int exit, String out, String err) {}
}
