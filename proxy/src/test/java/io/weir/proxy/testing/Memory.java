package io.weir.proxy.testing;

import io.netty.util.internal.PlatformDependent;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * Memory in use.
 *
 * @param heap bytes on the heap after a collection
 * @param direct bytes of buffers outside of it, used or not
 */
public record Memory(long heap, long direct) {

    /** Collects garbage and measures. */
    public static Memory now() {
        System.gc();
        return new Memory(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), directBytes());
    }

    /** Buffers of Netty and of the JDK are counted apart. */
    private static long directBytes() {
        long jdk = 0;
        for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            jdk += pool.getMemoryUsed();
        }
        return jdk + Math.max(0, PlatformDependent.usedDirectMemory());
    }

    /** Returns the difference. */
    public Memory minus(Memory before) {
        return new Memory(heap - before.heap, direct - before.direct);
    }

    /** Returns the sum. */
    public long bytes() {
        return heap + direct;
    }
}
