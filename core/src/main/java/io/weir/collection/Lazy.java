package io.weir.collection;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/**
 * A value that is made when it is first wanted. Threads that want it at the same moment may each
 * make one; none waits.
 */
public final class Lazy<T> implements Supplier<T> {

    private final Supplier<T> maker;
    private volatile @Nullable T value;

    /**
     * Makes a value to be made.
     *
     * @param maker makes equal values, however often it is called
     */
    public Lazy(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public T get() {
        T known = value;
        if (known == null) {
            known = maker.get();
            value = known;
        }
        return known;
    }
}
