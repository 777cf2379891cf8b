package io.weir.kubernetes.embedded.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories that can't be written: said clearly, and nothing is lost. */
final class UnusableDirectoryTest {

    @TempDir private Path directory;

    private static ObjectNode object(Key key, String padding) {
        ObjectNode object = Trees.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        Trees.metadata(object).put("namespace", key.namespace()).put("name", key.name());
        object.putObject("data").put("padding", padding);
        return object;
    }

    private static Key key(int i) {
        return new Key("configmaps", "default", "m" + i);
    }

    @Test
    void refusesAFileInPlaceOfADirectory() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> new FilePersistence(file))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("expected: writable");
    }

    @Test
    void refusesADirectoryThatIsInUse() {
        try (FilePersistence first = new FilePersistence(directory)) {
            assertThat(first.load((key, version, object) -> {})).isZero();
            assertThatThrownBy(() -> new FilePersistence(directory))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("in use by another process");
        }
    }

    @Test
    void refusesADamagedFile() throws IOException {
        Files.writeString(directory.resolve("objects.mv"), "this is no store".repeat(1000));

        assertThatThrownBy(() -> new ObjectStore(new FilePersistence(directory)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("objects.mv");
    }

    @Test
    void keepsWhatWasAcknowledgedWhenTheDiskIsFullAndWritesAgainWhenThereIsRoom() throws Exception {
        FullDisk.register();
        try (ObjectStore store = new ObjectStore(new FilePersistence(FullDisk.PREFIX, directory))) {
            store.create(key(1), object(key(1), "x"), "");
            FullDisk.FULL.set(true);
            assertThatThrownBy(() -> store.create(key(2), object(key(2), "y"), ""))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("No space left on device");
            assertThat(store.get(key(1))).isPresent();
            assertThat(store.get(key(2))).isEmpty();

            FullDisk.FULL.set(false);
            store.create(key(2), object(key(2), "z"), "");
        } finally {
            FullDisk.FULL.set(false);
        }
        try (ObjectStore again = new ObjectStore(new FilePersistence(directory))) {
            assertThat(again.get(key(1))).isPresent();
            assertThat(again.get(key(2)).orElseThrow().object().at("/data/padding").asText())
                    .isEqualTo("z");
        }
    }
}
