package io.weir.kubernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A real file system that is full. Needs the right to mount one; without it, what it shows is shown
 * by the store's own test, with a file system that only says so.
 */
final class FullDiskTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final int WRITERS = 4;

    @TempDir private Path folder;

    private Path mounted() throws IOException, InterruptedException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        int code = run("mount", "-t", "tmpfs", "-o", "size=3m", "weir-test", disk.toString());
        assumeThat(code).as("no right to mount a file system: skipped").isZero();
        return disk;
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (Files.exists(folder.resolve("disk"))) {
            run("umount", folder.resolve("disk").toString());
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void refusesWritesWithTheReasonKeepsWhatItHasAndGoesOnWhenThereIsRoom() throws Exception {
        Path disk = mounted();
        Path filler = Files.write(disk.resolve("filler"), new byte[1 << 20]);
        List<String> kept = Collections.synchronizedList(new ArrayList<>());
        try (EmbeddedApi api = TestApi.in(disk.resolve("data"))) {
            BareClient client = BareClient.of(api, api.kubeconfig().token());
            BareClient.Answer refusal = fill(client, kept);
            assertThat(refusal.code()).isEqualTo(500);
            assertThat(refusal.message()).contains("objects.mv", "No space left on device");
            assertThat(names(client)).containsExactlyInAnyOrderElementsOf(kept);

            Files.delete(filler);
            assertThat(create(client, "afterwards").code()).isEqualTo(201);
            kept.add("afterwards");
        }
        try (EmbeddedApi api = TestApi.in(disk.resolve("data"))) {
            BareClient client = BareClient.of(api, api.kubeconfig().token());
            assertThat(names(client)).containsExactlyInAnyOrderElementsOf(kept);
        }
    }

    /** Writes until a write is refused; returns the first refusal. */
    private static BareClient.Answer fill(BareClient client, List<String> kept) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<BareClient.Answer>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                String name = "w" + i;
                writers.add(threads.submit(() -> fill(client, name, kept)));
            }
            for (Future<BareClient.Answer> writer : writers) {
                writer.get();
            }
            return writers.getFirst().get();
        }
    }

    private static BareClient.Answer fill(BareClient client, String name, List<String> kept) {
        for (int i = 0; ; i++) {
            BareClient.Answer answer = create(client, name + "-" + i);
            if (answer.code() != 201) {
                return answer;
            }
            kept.add(name + "-" + i);
        }
    }

    private static BareClient.Answer create(BareClient client, String name) {
        String body =
                "{\"metadata\":{\"name\":\"%s\"},\"data\":{\"a\":\"%s\"}}"
                        .formatted(name, "x".repeat(20_000));
        return client.send("POST", MAPS, "application/json", body);
    }

    private static List<String> names(BareClient client) {
        List<String> names = new ArrayList<>();
        for (JsonNode item : client.get(MAPS).tree().at("/items")) {
            names.add(item.at("/metadata/name").asText());
        }
        return names;
    }
}
