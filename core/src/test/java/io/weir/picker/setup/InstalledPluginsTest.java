package io.weir.picker.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickerSettings;
import io.weir.picker.builtin.BuiltInPlugins;
import io.weir.picker.plugin.PluginProvider;
import io.weir.picker.pool.EndpointWatch;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.resource.ObjectKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

class InstalledPluginsTest {

    private static final ObjectKey POOL =
            new ObjectKey("inference.networking.k8s.io", "InferencePool", "default", "llama");
    private static final Path EXAMPLE = example();

    @TempDir Path folder;

    @Test
    void theExampleIsBuiltLoadedAndPicksTheCheaperServer() throws IOException {
        // Given
        Path jar = build();

        // When
        List<PluginProvider> providers = new ArrayList<>();
        providers.add(new BuiltInPlugins());
        providers.addAll(InstalledPlugins.of(jar + File.pathSeparator));
        PickerRegistry registry =
                new PickerRegistry(providers, EndpointWatch.NONE, System::nanoTime, () -> 1);
        var settings =
                new PickerSettings(Files.readString(EXAMPLE.resolve("picker.yaml")), "example");
        var refused =
                registry.apply(
                        Map.of(
                                POOL,
                                new PoolSpec(List.of(server(1, "6"), server(2, "2")), settings)));

        // Then
        assertThat(refused).isEmpty();
        var request = new PickRequest("llama", false, List.of(), 1, -1, 0, "default-flow", null);
        assertThat(registry.forPool(POOL).pick(request))
                .isInstanceOfSatisfying(
                        Picked.class,
                        picked ->
                                assertThat(picked.reservation().current().name())
                                        .isEqualTo("pod-2"));
    }

    @Test
    void aJarThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> InstalledPlugins.of("nowhere.jar"))
                .hasMessage("weir.plugins: nowhere.jar (expected: a jar that can be read)");
    }

    @Test
    void aJarWithoutPluginsIsRefused() throws IOException {
        Path jar = folder.resolve("empty.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("nothing.txt"));
        }
        assertThatThrownBy(() -> InstalledPlugins.of(jar.toString()))
                .hasMessageContaining("has no META-INF/services/" + PluginProvider.class.getName());
    }

    private Path build() throws IOException {
        Path classes = folder.resolve("classes");
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("-proc:none", "-cp", System.getProperty("java.class.path")));
        arguments.addAll(List.of("-d", classes.toString()));
        sources("*.java").forEach(source -> arguments.add(source.toString()));
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, arguments.toArray(String[]::new));
        assertThat(status).isZero();
        Path jar = folder.resolve("own-plugin.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            addAll(out, classes);
            add(
                    out,
                    EXAMPLE.resolve("src"),
                    EXAMPLE.resolve("src/META-INF/services")
                            .resolve(PluginProvider.class.getName()));
        }
        return jar;
    }

    private static List<Path> sources(String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        Path folder = EXAMPLE.resolve("src/com/example/weir");
        try (var files = Files.newDirectoryStream(folder, glob)) {
            files.forEach(found::add);
        }
        return found;
    }

    private static void addAll(JarOutputStream out, Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                add(out, classes, file);
            }
        }
    }

    private static void add(JarOutputStream out, Path root, Path file) throws IOException {
        out.putNextEntry(new JarEntry(root.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
    }

    private static Endpoint server(int number, String price) {
        String name = "pod-" + number;
        return new Endpoint(
                name, name, "10.0.0." + number, 8000, Map.of("example.com/price", price));
    }

    private static Path example() {
        Path here = Path.of("").toAbsolutePath();
        Path inModule = here.resolve("../examples/own-plugin").normalize();
        return Files.isDirectory(inModule) ? inModule : here.resolve("examples/own-plugin");
    }
}
