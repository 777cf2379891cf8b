package io.weir.picker.external;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;

/** What a picker says. */
public sealed interface PickerReply {

    /** Which message is meant. */
    enum Side {
        /** What the client sent. */
        REQUEST,
        /** What the server answered. */
        RESPONSE
    }

    /**
     * What becomes of headers.
     *
     * @param side whose headers
     * @param changes changes of the headers
     * @param body Unchanged, or what replaces the whole body
     * @param destination endpoints that the metadata names; null when it names none
     * @param responses what the picker wants to be told of the response; null to leave it
     */
    record Head(
            Side side,
            List<HeaderChange> changes,
            BodyChange body,
            @Nullable String destination,
            ExternalPicker.@Nullable Responses responses)
            implements PickerReply {}

    /**
     * What becomes of a body, or of a piece of it.
     *
     * @param side whose body
     * @param changes changes of the headers, which count until the headers were sent on
     * @param body what becomes of it
     * @param destination endpoints that the metadata names; null when it names none
     */
    record Body(
            Side side, List<HeaderChange> changes, BodyChange body, @Nullable String destination)
            implements PickerReply {}

    /**
     * What becomes of trailers.
     *
     * @param side whose trailers
     * @param changes changes of the trailers
     */
    record Trailers(Side side, List<HeaderChange> changes) implements PickerReply {}

    /**
     * The answer for the client.
     *
     * @param status HTTP status
     * @param headers its headers
     * @param body its body
     * @param details for the log; empty when there are none
     */
    record Answer(int status, List<HeaderChange> headers, ByteBuffer body, String details)
            implements PickerReply {}

    /** Nothing yet: the picker is alive and needs more time. */
    enum Working implements PickerReply {
        WORKING
    }
}
