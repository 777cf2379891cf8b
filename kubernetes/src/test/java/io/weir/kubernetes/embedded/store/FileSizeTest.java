package io.weir.kubernetes.embedded.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.kubernetes.embedded.store.Persistence.Write;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The file takes what its objects take, whatever was written before. */
final class FileSizeTest {

    private static final int OBJECTS = 100;
    private static final byte[] JSON =
            ("{\"text\":\"" + "x".repeat(2_000) + "\"}").getBytes(StandardCharsets.UTF_8);
    private static final long MOST_BYTES = 40L << 20;

    @TempDir private Path directory;

    @Test
    void spaceIsUsedAgain() throws Exception {
        try (FilePersistence file = new FilePersistence(directory)) {
            for (int version = 1; version <= 10_000; version++) {
                Key key = new Key("configmaps", "default", "map-" + version % OBJECTS);
                file.write(List.of(new Write(key, version, JSON)), 0);
                if (version % 10 == 0) {
                    Thread.sleep(4);
                }
            }
            assertThat(Files.size(directory.resolve("objects.mv"))).isLessThan(MOST_BYTES);
        }
    }
}
