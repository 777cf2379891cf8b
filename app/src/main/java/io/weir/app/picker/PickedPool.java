package io.weir.app.picker;

import io.weir.app.up.FileEndpoints;
import io.weir.config.Compilation;
import io.weir.config.CompileOptions;
import io.weir.config.SnapshotCompiler;
import io.weir.extproc.picker.PickerTarget;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.resource.Problem;
import io.weir.resource.Resource;
import io.weir.resource.manifest.LoadResult;
import io.weir.routing.Pool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The pool that is picked from, compiled anew whenever its objects change. Changes come from one
 * thread at a time; anybody may read.
 */
final class PickedPool implements PickerTarget {

    private final PoolChoice choice;
    private final PickerSettings settings;
    private final PickerRegistry pickers;
    private final PoolPicker picker;
    private Compilation compilation = Compilation.EMPTY;
    private volatile @Nullable Pool pool;

    PickedPool(PoolChoice choice, PickerSettings settings, PickerRegistry pickers) {
        this.choice = choice;
        this.settings = settings;
        this.pickers = pickers;
        this.picker = pickers.forPool(choice.key());
    }

    /**
     * Takes the objects as they are now.
     *
     * @param loaded objects of all kinds; others than this pool's are left out
     * @param servers servers of endpoints files
     * @return what is wrong with them
     * @throws PluginException when the picker's configuration can't be used
     */
    List<Problem> take(LoadResult loaded, FileEndpoints servers) {
        ObjectSet.Builder objects = ObjectSet.builder();
        for (Resource object : loaded.objects().all()) {
            if (choice.concerns(object)) {
                objects.put(object);
            }
        }
        choice.find(loaded.objects()).ifPresent(objects::put);
        compilation =
                SnapshotCompiler.compile(objects.build(), options(loaded, servers), compilation);
        install(compilation.snapshot().pools().get(choice.key()));
        List<Problem> problems = new ArrayList<>(loaded.problems());
        problems.addAll(servers.problems());
        problems.addAll(compilation.problems());
        return problems;
    }

    private void install(@Nullable Pool compiled) {
        pool = compiled;
        if (compiled == null) {
            return;
        }
        PoolSpec spec = new PoolSpec(compiled.endpoints(), settings);
        PluginException refused = pickers.apply(Map.of(choice.key(), spec)).get(choice.key());
        if (refused != null) {
            throw refused;
        }
    }

    private CompileOptions options(LoadResult loaded, FileEndpoints servers) {
        return new CompileOptions(
                _ -> false,
                false,
                _ -> "",
                0,
                0,
                0,
                CompileOptions.Replicas.NONE,
                (InferencePool of) -> servers.with(of.selector()),
                loaded::origin);
    }

    @Override
    public @Nullable Pool pool() {
        return pool;
    }

    @Override
    public PoolPicker picker() {
        return picker;
    }

    ObjectKey key() {
        return choice.key();
    }

    /** Returns what is known of the pool's endpoints, by its name. */
    Map<String, List<EndpointSnapshot>> endpoints() {
        return Map.of(choice.name(), picker.endpoints());
    }
}
