package io.weir.picker.external;

import io.weir.picker.Endpoint;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One request, as a picker sees it. Used on the executor that it was opened with. Bytes are copied
 * before a method returns.
 */
public interface PickerStream {

    /** Returns whether more may be sent without piling up. The heads may be sent before. */
    boolean isReady();

    /**
     * Sends the request's head.
     *
     * @param headers its headers
     * @param candidates endpoints to choose from
     * @param last whether neither body nor trailers follow
     */
    void requestHead(HeaderList headers, List<Endpoint> candidates, boolean last);

    /** Sends a piece of the request's body. */
    void requestBody(ByteBuffer piece, boolean last);

    /** Sends the request's trailers. */
    void requestTrailers(HeaderList trailers);

    /**
     * Sends the response's head.
     *
     * @param headers its headers
     * @param served endpoint that answered
     */
    void responseHead(HeaderList headers, Endpoint served);

    /** Sends a piece of the response's body. */
    void responseBody(ByteBuffer piece, boolean last);

    /** Sends the response's trailers. */
    void responseTrailers(HeaderList trailers);

    /** Stops or resumes taking replies. */
    void pauseReading(boolean pause);

    /** Says that nothing more will be sent. */
    void finish();

    /**
     * Gives the stream up.
     *
     * @param reason for the picker's log
     */
    void cancel(String reason);
}
