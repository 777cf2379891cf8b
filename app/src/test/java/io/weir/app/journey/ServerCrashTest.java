package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Kills {@code weir up} again and again while clients write over its API; {@code -Dsoak=ROUNDS} for
 * more of it.
 */
class ServerCrashTest {

    private static final int WRITERS = 4;
    private static final int KEYS = 12;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final List<Writer> writers = new ArrayList<>();

    @Test
    void nothingThatWasAcknowledgedIsLost() throws Exception {
        int rounds = Integer.getInteger("soak", 5);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Writer("w" + i, new Random(random.nextLong())));
        }
        for (int round = 0; round <= rounds; round++) {
            String subject = "round " + round + " of seed " + seed;
            try (WeirProcess weir = start();
                    KubernetesClient client = client()) {
                for (Writer writer : writers) {
                    writer.verify(client, subject);
                }
                if (round < rounds) {
                    writeUntilKilled(weir, client, random.nextInt(200));
                }
            }
        }
    }

    private int acknowledged() {
        return writers.stream().mapToInt(writer -> writer.acknowledged.get()).sum();
    }

    private WeirProcess start() throws Exception {
        WeirProcess weir =
                WeirProcess.start(
                        "up",
                        "--empty",
                        "--data-dir",
                        folder.resolve("data").toString(),
                        "--admin-port",
                        "0",
                        "--api-port",
                        "0");
        weir.lineBeginning("ready");
        return weir;
    }

    private KubernetesClient client() throws Exception {
        Config config =
                Config.fromKubeconfig(
                        Files.readString(folder.resolve("data").resolve("kubeconfig")));
        config.setRequestRetryBackoffLimit(0);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private void writeUntilKilled(WeirProcess weir, KubernetesClient client, int millis)
            throws Exception {
        int before = acknowledged();
        AtomicBoolean dead = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (Writer writer : writers) {
            threads.add(Thread.ofVirtual().start(() -> writer.writeUntil(dead, client)));
        }
        await().atMost(PATIENCE).until(() -> acknowledged() >= before + 5 * WRITERS);
        Thread.sleep(millis);
        weir.signal("KILL");
        dead.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(weir.exitCode()).isNotZero();
    }

    /** Creates, changes and deletes ConfigMaps of its own, one write at a time. */
    private static final class Writer {

        private final String name;
        private final Random random;
        private final Map<String, String> kept = new HashMap<>();
        private String openKey = "";
        private String openValue = "";
        private final AtomicInteger acknowledged = new AtomicInteger();
        private int number;

        Writer(String name, Random random) {
            this.name = name;
            this.random = random;
        }

        void writeUntil(AtomicBoolean dead, KubernetesClient client) {
            while (!dead.get()) {
                openKey = name + "-" + random.nextInt(KEYS);
                boolean delete = kept.containsKey(openKey) && random.nextInt(4) == 0;
                openValue = delete ? "" : "v" + number++;
                try {
                    write(client, delete);
                } catch (KubernetesClientException e) {
                    return;
                }
                note();
                acknowledged.incrementAndGet();
            }
        }

        private void write(KubernetesClient client, boolean delete) {
            var resource = client.configMaps().inNamespace("default").resource(map());
            if (delete) {
                resource.delete();
            } else if (kept.containsKey(openKey)) {
                resource.update();
            } else {
                resource.create();
            }
        }

        private ConfigMap map() {
            return new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName(openKey)
                    .withNamespace("default")
                    .endMetadata()
                    .addToData("value", openValue)
                    .build();
        }

        private void note() {
            if (openValue.isEmpty()) {
                kept.remove(openKey);
            } else {
                kept.put(openKey, openValue);
            }
            openKey = "";
        }

        /** The write that got no answer may have been made or not. */
        void verify(KubernetesClient client, String subject) {
            Map<String, String> found = new HashMap<>();
            for (ConfigMap map : client.configMaps().inNamespace("default").list().getItems()) {
                if (map.getMetadata().getName().startsWith(name + "-")) {
                    found.put(map.getMetadata().getName(), map.getData().get("value"));
                }
            }
            if (!openKey.isEmpty() && found.getOrDefault(openKey, "").equals(openValue)) {
                note();
            }
            openKey = "";
            assertThat(found).as(subject).isEqualTo(kept);
        }
    }
}
