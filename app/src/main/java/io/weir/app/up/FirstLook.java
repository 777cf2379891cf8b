package io.weir.app.up;

import io.weir.picker.EndpointSnapshot;
import io.weir.picker.Pickers;
import io.weir.resource.ObjectKey;

import java.time.Duration;
import java.util.Collection;

/**
 * Waits at the start until the servers have said what they serve, so that the first request meets a
 * picker that knows it and {@code /v1/models} is complete. Servers that don't answer are not waited
 * for longer than a moment.
 */
public final class FirstLook {

    private static final long PAUSE_MILLIS = 5;

    private final Pickers pickers;
    private final Duration longest;

    /**
     * @param longest how long servers that do not answer are waited for
     */
    public FirstLook(Pickers pickers, Duration longest) {
        this.pickers = pickers;
        this.longest = longest;
    }

    /** Waits for the servers of these pools. */
    public void await(Collection<ObjectKey> pools) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (pools.stream().anyMatch(this::isWaitedFor) && System.nanoTime() < deadline) {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean isWaitedFor(ObjectKey pool) {
        return pickers.forPool(pool).endpoints().stream()
                .filter(EndpointSnapshot::healthy)
                .anyMatch(endpoint -> endpoint.models().isEmpty());
    }
}
