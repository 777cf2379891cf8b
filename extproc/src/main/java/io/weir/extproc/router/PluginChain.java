package io.weir.extproc.router;

import io.weir.extproc.plugin.BodyMessage;
import io.weir.extproc.plugin.BodyPlugin;
import io.weir.extproc.plugin.BodyRefusal;
import io.weir.extproc.plugin.RequestPlugin;
import io.weir.extproc.plugin.ResponsePlugin;
import io.weir.extproc.wire.Changes;

import java.util.List;

/**
 * Plugins in the order in which they run. Immutable.
 *
 * @param plugins the plugins
 */
public record PluginChain(List<Named> plugins) {

    /** No plugins. */
    public static final PluginChain NONE = new PluginChain(List.of());

    /**
     * A plugin.
     *
     * @param type its type
     * @param name what the command line calls it
     * @param plugin the plugin
     */
    public record Named(String type, String name, BodyPlugin plugin) {}

    public PluginChain {
        plugins = List.copyOf(plugins);
    }

    boolean readsRequests() {
        for (Named named : plugins) {
            if (named.plugin() instanceof RequestPlugin) {
                return true;
            }
        }
        return false;
    }

    boolean readsResponses() {
        for (Named named : plugins) {
            if (named.plugin() instanceof ResponsePlugin) {
                return true;
            }
        }
        return false;
    }

    /** Removes the headers that only plugins may set. */
    void removeOwnHeaders(Changes changes) {
        for (Named named : plugins) {
            if (named.plugin() instanceof RequestPlugin plugin) {
                plugin.ownHeaders().forEach(changes::remove);
            }
        }
    }

    void request(BodyMessage message, RouterObserver observer) throws BodyRefusal {
        for (Named named : plugins) {
            if (named.plugin() instanceof RequestPlugin plugin) {
                long start = System.nanoTime();
                plugin.request(message);
                observer.pluginRan("request", named, System.nanoTime() - start);
            }
        }
    }

    void response(BodyMessage message, RouterObserver observer) throws BodyRefusal {
        for (Named named : plugins) {
            if (named.plugin() instanceof ResponsePlugin plugin) {
                long start = System.nanoTime();
                plugin.response(message);
                observer.pluginRan("response", named, System.nanoTime() - start);
            }
        }
    }
}
