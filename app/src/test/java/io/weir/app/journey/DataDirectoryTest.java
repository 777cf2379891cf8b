package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code weir up} says of data directories that it can't use. */
class DataDirectoryTest {

    @TempDir Path folder;

    private void assertRefused(Path directory, String... words) throws Exception {
        try (WeirProcess weir =
                WeirProcess.start(
                        "up",
                        "--empty",
                        "--admin-port",
                        "0",
                        "--api-port",
                        "0",
                        "--data-dir",
                        directory.toString())) {
            assertThat(weir.exitCode()).isEqualTo(1);
            assertThat(weir.err())
                    .contains("can't keep the state of the API", "--data-dir", "--ephemeral")
                    .contains(words)
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsNamed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertRefused(file, file.toString());
    }

    @Test
    void aDamagedStoreIsNamedAndLeftAsItIs() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        byte[] damaged = "this is no store".repeat(1_000).getBytes(UTF_8);
        Path store = Files.write(data.resolve("objects.mv"), damaged);

        assertRefused(data, store.toString());
        assertThat(store).hasBinaryContent(damaged);
    }

    @Test
    void aDirectoryThatIsInUseIsNamed() throws Exception {
        String data = folder.resolve("data").toString();
        try (WeirRunner _ = WeirRunner.up("--empty", "--data-dir", data)) {
            assertRefused(folder.resolve("data"), "in use by another process");
        }
    }
}
