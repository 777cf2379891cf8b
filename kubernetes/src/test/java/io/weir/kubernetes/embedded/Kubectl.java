package io.weir.kubernetes.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the real kubectl, with its configuration and its caches in a directory of the test. */
final class Kubectl {

    private static final int TIMEOUT_SECONDS = 60;

    private final Path binary;
    private final Path home;
    private final Map<String, String> environment;

    private Kubectl(Path binary, Path home, Map<String, String> environment) {
        this.binary = binary;
        this.home = home;
        this.environment = environment;
    }

    /**
     * What a run printed.
     *
     * @param code exit code
     * @param out standard output
     * @param err standard error
     */
    record Result(int code, String out, String err) {

        /** Returns everything that was printed. */
        String all() {
            return out + err;
        }
    }

    /** Finds kubectl on the path; empty when there is none. */
    static Optional<Path> find() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator, -1))
                .map(directory -> directory + "/kubectl")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Kubectl of(Path binary, Path home, Kubeconfig kubeconfig) throws IOException {
        kubeconfig.write(home.resolve("config"));
        return new Kubectl(
                binary,
                home,
                Map.of("KUBECONFIG", home.resolve("config").toString(), "HOME", home.toString()));
    }

    /** Returns the same with one more environment variable. */
    Kubectl with(String name, String value) {
        Map<String, String> more = new java.util.HashMap<>(environment);
        more.put(name, value);
        return new Kubectl(binary, home, more);
    }

    /** Runs a command line; words are split at spaces, and {@code '} keeps words together. */
    Result run(String line) {
        return run(line, "");
    }

    /** Runs a command line with something to read. */
    Result run(String line, String in) {
        try {
            Process process = start(line, ProcessBuilder.Redirect.PIPE);
            process.getOutputStream().write(in.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            Path out = home.resolve("out-" + process.pid());
            Thread reader = Thread.ofVirtual().start(() -> copy(process, out));
            String err =
                    new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            reader.join();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("kubectl " + line + ": no end after a minute");
            }
            return new Result(process.exitValue(), Files.readString(out), err);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Starts a command line that goes on, as a watch does. */
    Process start(String line, ProcessBuilder.Redirect out) throws IOException {
        List<String> command = new ArrayList<>(List.of(binary.toString()));
        command.add("--cache-dir=" + home.resolve("cache"));
        command.addAll(words(line));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.environment().put("TMPDIR", home.toString());
        builder.redirectOutput(out);
        return builder.start();
    }

    private static void copy(Process process, Path out) {
        try {
            Files.copy(process.getInputStream(), out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
                any = true;
            } else if (c == ' ' && !quoted) {
                if (any) {
                    words.add(word.toString());
                }
                word.setLength(0);
                any = false;
            } else {
                word.append(c);
                any = true;
            }
        }
        if (any) {
            words.add(word.toString());
        }
        return words;
    }
}
