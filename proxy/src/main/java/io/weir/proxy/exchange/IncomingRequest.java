package io.weir.proxy.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.weir.proxy.http.Authority;
import io.weir.proxy.http.HopByHop;
import io.weir.proxy.http.RequestTarget;
import io.weir.proxy.http.WeirHeaders;
import io.weir.routing.RequestHead;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The head of a request, checked and cleaned: routing headers that the client made up are gone, and
 * so are the headers of its own hop.
 */
final class IncomingRequest implements RequestHead {

    private static final int CHUNKED = -1;

    private final String method;
    private final HttpHeaders headers;
    private final String authority;
    private final String host;
    private final RequestTarget target;
    private final long bodyBytes;
    private final boolean expectsContinue;

    private IncomingRequest(
            String method,
            HttpHeaders headers,
            String authority,
            RequestTarget target,
            long bodyBytes,
            boolean expectsContinue)
            throws BadRequest {
        this.method = method;
        this.headers = headers;
        this.authority = authority;
        this.target = target;
        this.bodyBytes = bodyBytes;
        this.expectsContinue = expectsContinue;
        this.host = hostOf(authority);
    }

    private IncomingRequest(IncomingRequest other) {
        this.method = other.method;
        this.headers = other.headers.copy();
        this.authority = other.authority;
        this.target = other.target;
        this.bodyBytes = other.bodyBytes;
        this.expectsContinue = other.expectsContinue;
        this.host = other.host;
    }

    /**
     * Checks a decoded head.
     *
     * @throws BadRequest when it is refused
     */
    static IncomingRequest of(HttpRequest message) throws BadRequest {
        checkVersion(message.protocolVersion());
        if (message.method().equals(HttpMethod.CONNECT)) {
            throw new BadRequest(501, "CONNECT is not supported.");
        }
        RequestTarget target = RequestTarget.parse(message.uri());
        if (target == null) {
            throw new BadRequest(400, "The request target is malformed.");
        }
        HttpHeaders headers = message.headers();
        String authority = authority(message, target);
        long bodyBytes = bodyBytes(headers);
        boolean expectsContinue = expectsContinue(headers);
        HopByHop.remove(headers);
        WeirHeaders.removeRouting(headers);
        return new IncomingRequest(
                message.method().name(), headers, authority, target, bodyBytes, expectsContinue);
    }

    private static void checkVersion(HttpVersion version) throws BadRequest {
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            throw new BadRequest(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.");
        }
    }

    /** The host of an absolute target goes before the header (RFC 9112 section 3.2.2). */
    private static String authority(HttpRequest message, RequestTarget target) throws BadRequest {
        List<String> hosts = message.headers().getAll(HttpHeaderNames.HOST);
        boolean optional = message.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (hosts.size() > 1 || (hosts.isEmpty() && !optional)) {
            throw new BadRequest(400, "There must be exactly one Host header.");
        }
        if (target.authority() != null) {
            message.headers().set(HttpHeaderNames.HOST, target.authority());
            return target.authority();
        }
        return hosts.isEmpty() ? "" : hosts.getFirst();
    }

    private static String hostOf(String authority) throws BadRequest {
        if (authority.isEmpty()) {
            return "";
        }
        String host = Authority.host(authority);
        if (host == null) {
            throw new BadRequest(400, "The host is malformed.");
        }
        return host;
    }

    private static long bodyBytes(HttpHeaders headers) throws BadRequest {
        String coding = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
        if (coding != null) {
            if (!HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding.strip())) {
                throw new BadRequest(501, "Only the transfer coding chunked is supported.");
            }
            return CHUNKED;
        }
        // The decoder has checked that there is one length and that it is a number.
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length.strip());
    }

    private static boolean expectsContinue(HttpHeaders headers) throws BadRequest {
        String expectation = headers.get(HttpHeaderNames.EXPECT);
        if (expectation == null) {
            return false;
        }
        if (!HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectation)) {
            throw new BadRequest(417, "Only the expectation 100-continue can be met.");
        }
        headers.remove(HttpHeaderNames.EXPECT);
        return true;
    }

    /** Returns the same head with headers of its own. */
    IncomingRequest copy() {
        return new IncomingRequest(this);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public String path() {
        return target.path();
    }

    @Override
    public @Nullable String query() {
        return target.query();
    }

    @Override
    public @Nullable String header(String name) {
        String first = headers.get(name);
        if (first == null) {
            return null;
        }
        List<String> all = headers.getAll(name);
        return all.size() == 1 ? first : String.join(",", all);
    }

    /** Returns the headers; they become those of the request to the server. */
    HttpHeaders headers() {
        return headers;
    }

    /** Returns host and port as the client wrote them; empty when it named none. */
    String authority() {
        return authority;
    }

    boolean hasBody() {
        return bodyBytes != 0;
    }

    /** Returns the length of the body, or a negative number when it is not known beforehand. */
    long bodyBytes() {
        return bodyBytes;
    }

    boolean expectsContinue() {
        return expectsContinue;
    }
}
