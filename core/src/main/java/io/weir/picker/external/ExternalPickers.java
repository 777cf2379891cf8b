package io.weir.picker.external;

import java.util.concurrent.Executor;

/** Asks endpoint pickers that run elsewhere. Thread-safe. */
@FunctionalInterface
public interface ExternalPickers {

    /** Nobody can be asked. */
    ExternalPickers NONE =
            (picker, loop, listener) -> {
                loop.execute(() ->
                        listener.failed(
                                PickerFailure.Cause.UNREACHABLE,
                                "external pickers can't be asked here"));
                return ClosedStream.CLOSED;
            };

    /**
     * Opens a stream for one request. Never blocks; a picker that can't be reached is told to the
     * listener.
     *
     * @param picker who is asked
     * @param loop runs the listener, one call at a time; never within a call of the stream
     * @param listener hears what the picker says
     */
    PickerStream open(ExternalPicker picker, Executor loop, PickerListener listener);
}
