package io.weir.picker.flow;

/** Calls back after some time, on any thread. */
@FunctionalInterface
public interface Alarm {

    /** Never calls back: requests wait until something else happens. */
    Alarm NONE = (_, _) -> {};

    /** Calls back once. Does not block. */
    void after(long delayNanos, Runnable callback);
}
