package io.weir.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;

/** Who uses an upstream connection. All calls come on the connection's event loop. */
public interface UpstreamUser {

    /** The connection is there; called during {@code acquire} when one was idle. */
    void connected(UpstreamConnection connection);

    /** There will be no connection. */
    void connectFailed(UpstreamFailure failure, String detail);

    /** The head of the final answer; interim answers are not shown. */
    void responseHead(HttpResponse response);

    /** A piece of the answer's body; the receiver releases it. */
    void responseBody(ByteBuf piece);

    /** The answer is complete. The connection is no longer the user's. */
    void responseEnd(HttpHeaders trailers);

    /** All bytes that had arrived were handed over. */
    void readComplete();

    /** {@link UpstreamConnection#isWritable()} changed. */
    void writabilityChanged();

    /** The connection died or was given up. It is no longer the user's. */
    void failed(UpstreamFailure failure, String detail);
}
