package io.weir.proxy.exchange;

import io.weir.picker.external.ExternalPicker;
import io.weir.picker.external.PickerFailure.Cause;
import io.weir.picker.external.PickerListener;
import io.weir.picker.external.PickerReply;
import io.weir.picker.external.PickerStream;
import io.weir.proxy.loop.Deadline;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * The stream to an external picker for as long as its request lasts: first the pick hears it, then
 * what is done with the response. It watches how long a reply takes that is due.
 */
final class PickerSession implements PickerListener {

    /** A picker that isn't connected by then can't be asked. */
    private static final long CONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(800);

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Worker worker;
    private final ExternalPicker picker;
    private final PickerStream stream;
    private final Deadline silence =
            new Deadline() {
                @Override
                protected void expired() {
                    silent();
                }
            };
    private @Nullable PickerListener listener;
    private boolean connected;
    private boolean due;
    private boolean over;

    PickerSession(Worker worker, ExternalPicker picker, PickerListener listener) {
        this.worker = worker;
        this.picker = picker;
        this.listener = listener;
        this.stream = worker.externalPickers().open(picker, worker.loop(), this);
        worker.timers().arm(silence, Math.min(CONNECT_NANOS, picker.timeout().toNanos()));
    }

    PickerStream stream() {
        return stream;
    }

    boolean isOver() {
        return over;
    }

    /** From now on somebody else hears the picker; null when nobody needs to. */
    void heardBy(@Nullable PickerListener next) {
        listener = next;
    }

    /** Says whether the picker owes a reply. */
    void expectReply(boolean expected) {
        due = expected;
        if (!connected || over) {
            return;
        }
        if (expected) {
            worker.timers().arm(silence, picker.timeout().toNanos());
        } else {
            worker.timers().cancel(silence);
        }
    }

    /** Ends in good order; the picker has a moment to do the same. */
    void finish() {
        listener = null;
        if (!over) {
            stream.finish();
            worker.timers().arm(silence, LINGER_NANOS);
        }
    }

    void cancel(String reason) {
        listener = null;
        if (!over) {
            close();
            stream.cancel(reason);
        }
    }

    private void close() {
        over = true;
        worker.timers().cancel(silence);
    }

    private void silent() {
        Cause cause = connected ? Cause.TIMEOUT : Cause.UNREACHABLE;
        String reason =
                connected
                        ? "the picker did not reply within " + picker.timeout().toMillis() + " ms"
                        : "the picker could not be reached in time";
        PickerListener last = listener;
        cancel(reason);
        if (last != null) {
            last.failed(cause, reason);
        }
    }

    @Override
    public void ready() {
        if (!connected) {
            connected = true;
            if (listener != null) {
                expectReply(due);
            }
        }
        if (listener != null) {
            listener.ready();
        }
    }

    @Override
    public void reply(PickerReply reply) {
        if (listener != null) {
            listener.reply(reply);
        }
    }

    @Override
    public void ended() {
        close();
        if (listener != null) {
            listener.ended();
        }
    }

    @Override
    public void failed(Cause cause, String reason) {
        close();
        if (listener != null) {
            listener.failed(cause, reason);
        }
    }
}
