package io.weir.bench.compare;

import java.net.InetSocketAddress;

/** A proxy under test, running as a process of its own. */
interface Contestant extends AutoCloseable {

    /** Returns the name for the table. */
    String name();

    /** Returns where it listens. */
    InetSocketAddress address();

    /** Returns its process id. */
    long pid();

    /** Returns whether it becomes faster while it runs, as compiled Java does. */
    boolean warmsUp();

    @Override
    void close();
}
