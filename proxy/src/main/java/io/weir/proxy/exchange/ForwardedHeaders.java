package io.weir.proxy.exchange;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.weir.proxy.http.WeirHeaders;

/** Headers that tell a server where a request came from, and headers that end at the gateway. */
final class ForwardedHeaders {

    private static final AsciiString FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString PROTO = AsciiString.cached("x-forwarded-proto");
    private static final AsciiString HOST = AsciiString.cached("x-forwarded-host");

    private ForwardedHeaders() {}

    /**
     * Prepares headers for a server. The client's address is added to those that are named already;
     * scheme and host are what the gateway saw, whatever the client claims.
     */
    static void apply(IncomingRequest request, ClientInfo client) {
        HttpHeaders headers = request.headers();
        String before = request.header(FOR.toString());
        headers.set(FOR, before == null ? client.address() : before + ", " + client.address());
        headers.set(PROTO, client.scheme());
        if (!request.authority().isEmpty()) {
            headers.set(HOST, request.authority());
        }
        WeirHeaders.removeConsumed(headers);
    }
}
