package io.weir.kubernetes.embedded.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Kills a process again and again while it writes; {@code -Dsoak=ROUNDS} for more of it. */
final class CrashTest {

    private static final int WRITERS = 4;

    @TempDir private Path directory;

    private final int[] acknowledged = new int[WRITERS];
    private final int[] next = new int[WRITERS];
    private long latestVersion;
    private long writes;

    @Test
    void losesNothingThatWasAcknowledged() throws Exception {
        int rounds = Integer.getInteger("soak", 20);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            String subject = "round " + round + " of seed " + seed;
            Arrays.setAll(acknowledged, writer -> next[writer] - 1);
            List<String> conflicts = runAndKill(random.nextInt(60));
            assertThat(conflicts).as(subject).isEmpty();
            verify(subject);
        }
        assertThat(writes).isGreaterThan((long) rounds * WRITERS);
    }

    private List<String> runAndKill(int millis) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.addAll(List.of(CrashWriter.class.getName(), directory.toString()));
        Arrays.stream(next).forEach(index -> command.add(String.valueOf(index)));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> complete = new ArrayList<>();
            StringBuilder line = new StringBuilder();
            int character = lines.read();
            Thread.ofVirtual().start(() -> killLater(process, millis));
            for (; character >= 0; character = lines.read()) {
                if (character == '\n') {
                    complete.add(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) character);
                }
            }
            process.waitFor();
            assertThat(complete).as("process that could not write").isNotEmpty();
            complete.stream().filter(l -> !l.startsWith("conflict")).forEach(this::note);
            return complete.stream().filter(l -> l.startsWith("conflict")).toList();
        }
    }

    private static void killLater(Process process, int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.toHandle().destroyForcibly();
    }

    private void note(String line) {
        String[] words = line.split(" ", -1);
        acknowledged[Integer.parseInt(words[0])] = Integer.parseInt(words[1]);
        latestVersion = Math.max(latestVersion, Long.parseLong(words[2]));
        writes++;
    }

    /** One operation of each writer may have been done without being acknowledged. */
    private void verify(String subject) {
        try (ObjectStore store = new ObjectStore(new FilePersistence(directory))) {
            assertThat(store.version()).as(subject).isGreaterThan(latestVersion);
            for (int writer = 0; writer < WRITERS; writer++) {
                int last = acknowledged[writer];
                for (int i = Math.max(0, last - CrashWriter.KEYS + 2); i <= last; i++) {
                    assertThat(value(store, writer, i))
                            .as(subject + ", writer " + writer + ", operation " + i)
                            .isEqualTo(CrashWriter.valueAfter(i));
                }
                int open = value(store, writer, last + 1);
                int before = CrashWriter.valueAfter(last + 1 - CrashWriter.KEYS);
                int after = CrashWriter.valueAfter(last + 1);
                assertThat(open).as(subject + ", writer " + writer).isIn(before, after);
                next[writer] = open == before ? last + 1 : last + 2;
            }
        }
    }

    private static int value(ObjectStore store, int writer, int i) {
        return store.get(CrashWriter.key(writer, i))
                .map(stored -> stored.object().at("/data/value").asInt())
                .orElse(-1);
    }
}
