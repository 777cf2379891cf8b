package io.weir.picker.external;

/**
 * Hears what comes of a stream. Nothing is called after the stream failed, ended or was cancelled.
 */
public interface PickerListener {

    /** The picker is connected and can take more. */
    void ready();

    /** The picker said something. */
    void reply(PickerReply reply);

    /** The picker ended the stream in good order: it has nothing more to say. */
    void ended();

    /**
     * The stream broke, or never came about.
     *
     * @param cause what went wrong
     * @param reason for the log
     */
    void failed(PickerFailure.Cause cause, String reason);
}
