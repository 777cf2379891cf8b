package io.weir.app.extproc;

import io.weir.app.CommandFailure;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * A running role: what it reads from and the ports that it serves. Parts are closed in the opposite
 * order of that in which they were opened.
 */
public abstract class ExtProcProgram implements AutoCloseable {

    private final List<AutoCloseable> parts = new ArrayList<>();
    private volatile @Nullable Serving serving;

    /** Opens what the role reads from, and its ports. */
    protected abstract void begin() throws CommandFailure;

    /** Begins; what is open already is closed when that fails. */
    protected static <P extends ExtProcProgram> P begun(P program) throws CommandFailure {
        try {
            program.begin();
            return program;
        } catch (CommandFailure | RuntimeException e) {
            program.close();
            throw e;
        }
    }

    /** Adds a part. */
    protected final void add(AutoCloseable part) {
        parts.add(part);
    }

    /** Adds the ports. */
    protected final void serve(Serving ports) {
        parts.add(ports);
        serving = ports;
    }

    /** Tells those who watch the health that it may have changed. */
    protected final void refresh() {
        Serving ports = serving;
        if (ports != null) {
            ports.refresh();
        }
    }

    /** Returns how many requests are under way. */
    protected final int openStreams() {
        Serving ports = serving;
        return ports == null ? 0 : ports.openStreams();
    }

    /** Returns the ports. */
    public final Serving serving() {
        Serving ports = serving;
        if (ports == null) {
            throw new IllegalStateException("not started");
        }
        return ports;
    }

    /** Says that it is not ready any more and lets open requests end. */
    public final boolean drain() {
        return serving().drain();
    }

    @Override
    public final void close() {
        for (AutoCloseable part : parts.reversed()) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
