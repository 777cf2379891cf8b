package io.weir.simulator.engine;

/**
 * Hears what happens in the KV cache of an engine, on the thread that drives it. Must neither block
 * nor call the engine.
 */
public interface CacheListener {

    /** Hears nothing. */
    CacheListener NONE =
            new CacheListener() {
                @Override
                public void stored(EngineRequest request, int firstBlock, int endBlock) {}

                @Override
                public void removed(long hash) {}

                @Override
                public void cleared() {}
            };

    /** Some blocks of a sequence can be found by others from now on. */
    void stored(EngineRequest request, int firstBlock, int endBlock);

    /** A block was given to somebody else. */
    void removed(long hash);

    /** No block can be found any more. */
    void cleared();
}
