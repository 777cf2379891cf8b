package io.weir.proxy.upstream;

/** How a connection to a server can fail. */
public enum UpstreamFailure {
    /** The name has no address. */
    UNRESOLVED,
    /** Nobody listens there, or there is no way to it. */
    REFUSED,
    /** The connection was not made in time. */
    CONNECT_TIMEOUT,
    /** All connections that the limits allow are in use. */
    OVERLOADED,
    /** A kept connection died before the first byte of an answer: it was closed while idle. */
    STALE,
    /** The connection died before the head of an answer. */
    RESET,
    /** The answer is not HTTP. */
    MALFORMED,
    /** The connection died in the middle of an answer. */
    CUT;

    /** Returns whether the server can't have seen anything of the request. */
    public boolean isBeforeRequest() {
        return switch (this) {
            case UNRESOLVED, REFUSED, CONNECT_TIMEOUT, OVERLOADED -> true;
            case STALE, RESET, MALFORMED, CUT -> false;
        };
    }
}
