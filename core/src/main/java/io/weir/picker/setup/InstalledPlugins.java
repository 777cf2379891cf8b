package io.weir.picker.setup;

import io.weir.picker.plugin.PluginProvider;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Plugin types from jars that are not part of Weir. A jar names its {@link PluginProvider} in
 * {@code META-INF/services}.
 */
public final class InstalledPlugins {

    /** System property with the jars' paths, separated as in a class path. */
    public static final String PROPERTY = "weir.plugins";

    private InstalledPlugins() {}

    /**
     * Returns the providers of jars.
     *
     * @param jars paths, separated as in a class path; empty for none
     * @throws IllegalArgumentException when one is missing or names no provider
     */
    public static List<PluginProvider> of(String jars) {
        List<PluginProvider> providers = new ArrayList<>();
        for (String jar : jars.split(File.pathSeparator, -1)) {
            if (!jar.isBlank()) {
                providers.addAll(load(Path.of(jar.strip())));
            }
        }
        return providers;
    }

    private static List<PluginProvider> load(Path jar) {
        if (!Files.isReadable(jar)) {
            throw new IllegalArgumentException(
                    PROPERTY + ": " + jar + " (expected: a jar that can be read)");
        }
        // The loader stays open as long as the process: plugins load their classes when needed.
        var loader =
                new URLClassLoader(new URL[] {url(jar)}, InstalledPlugins.class.getClassLoader());
        List<PluginProvider> found =
                ServiceLoader.load(PluginProvider.class, loader).stream()
                        .filter(provider -> loader.equals(provider.type().getClassLoader()))
                        .map(ServiceLoader.Provider::get)
                        .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: %s has no META-INF/services/%s"
                            .formatted(PROPERTY, jar, PluginProvider.class.getName()));
        }
        return found;
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(PROPERTY + ": " + jar, e);
        }
    }
}
