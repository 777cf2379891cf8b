package io.weir.picker.setup;

import io.weir.picker.plugin.PluginProvider;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.jar.JarFile;

/**
 * Plugin types from jars that are not part of Weir. A jar names its {@link PluginProvider} in
 * {@code META-INF/services}.
 */
public final class InstalledPlugins {

    /** System property with the jars' paths, separated as in a class path. */
    public static final String PROPERTY = "weir.plugins";

    /** Where a jar names providers of any kind. */
    private static final String OURS = "META-INF/services/io.weir.";

    private InstalledPlugins() {}

    /**
     * Returns the providers of jars.
     *
     * @param jars paths, separated as in a class path; empty for none
     * @throws IllegalArgumentException when one is missing or names no provider
     */
    public static List<PluginProvider> of(String jars) {
        return of(jars, PluginProvider.class);
    }

    /**
     * Returns the providers of jars, of one kind.
     *
     * @param jars paths, separated as in a class path; empty for none
     * @param kind what they provide; a jar may have providers of other kinds only
     * @throws IllegalArgumentException when one is missing or names no provider
     */
    public static <P> List<P> of(String jars, Class<P> kind) {
        List<P> providers = new ArrayList<>();
        for (String jar : jars.split(File.pathSeparator, -1)) {
            if (!jar.isBlank()) {
                providers.addAll(load(Path.of(jar.strip()), kind));
            }
        }
        return providers;
    }

    private static <P> List<P> load(Path jar, Class<P> kind) {
        if (!Files.isReadable(jar)) {
            throw new IllegalArgumentException(
                    PROPERTY + ": " + jar + " (expected: a jar that can be read)");
        }
        // The loader stays open as long as the process: plugins load their classes when needed.
        var loader =
                new URLClassLoader(new URL[] {url(jar)}, InstalledPlugins.class.getClassLoader());
        List<P> found =
                ServiceLoader.load(kind, loader).stream()
                        .filter(provider -> loader.equals(provider.type().getClassLoader()))
                        .map(ServiceLoader.Provider::get)
                        .toList();
        if (found.isEmpty() && !hasOthers(jar)) {
            throw new IllegalArgumentException(
                    "%s: %s has no META-INF/services/%s".formatted(PROPERTY, jar, kind.getName()));
        }
        return found;
    }

    private static boolean hasOthers(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().anyMatch(entry -> entry.getName().startsWith(OURS));
        } catch (IOException e) {
            throw new IllegalArgumentException(PROPERTY + ": " + jar, e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(PROPERTY + ": " + jar, e);
        }
    }
}
