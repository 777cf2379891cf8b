package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * The client's side of one exchange: an HTTP/1.1 connection while it serves the request, or a
 * stream of a multiplexed protocol. Used on the exchange's event loop.
 *
 * <p>Nothing is sent before {@link #flush()} or {@link #end}. The stream frames messages itself; of
 * the framing headers only {@code Content-Length} is passed.
 */
public interface ClientStream {

    /** Tells the client to send the body that it holds back. */
    void sendContinue();

    /** Writes the head of the answer; the stream adds the headers of its protocol. */
    void head(HttpResponseStatus status, HttpHeaders headers);

    /** Writes a piece of the answer's body; takes it over. */
    void body(ByteBuf piece);

    /** Writes the end of the answer and sends everything. The exchange is over for the stream. */
    void end(HttpHeaders trailers);

    /** Sends what was written. */
    void flush();

    /** Breaks the answer off so that the client can see it. The exchange is over for the stream. */
    void abort();

    /** Returns whether little enough waits to be sent. */
    boolean isWritable();

    /** Stops or resumes reading the request's body. */
    void pauseReading(boolean pause);

    /** Returns the allocator for what is written here. */
    ByteBufAllocator alloc();
}
