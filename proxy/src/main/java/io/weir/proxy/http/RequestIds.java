package io.weir.proxy.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Makes ids of requests in the form of random UUIDs. Used by one event loop. */
public final class RequestIds {

    /** The header that carries them. */
    public static final AsciiString HEADER = AsciiString.cached("x-request-id");

    private static final int MAX_LENGTH = 128;
    private static final HexFormat HEX = HexFormat.of();

    private final RandomGenerator random;

    /** Makes a source of ids. */
    public RequestIds(RandomGenerator random) {
        this.random = random;
    }

    /** Returns the id that a client gave its request; else a new one, which the headers get. */
    public String of(HttpHeaders headers) {
        String given = headers.get(HEADER);
        if (given != null && isUsable(given)) {
            return given;
        }
        String made = next();
        headers.set(HEADER, made);
        return made;
    }

    /** Returns a new id. */
    public String next() {
        String high = HEX.toHexDigits((random.nextLong() & ~0xF000L) | 0x4000L);
        String low = HEX.toHexDigits((random.nextLong() & ~(3L << 62)) | (2L << 62));
        return high.substring(0, 8)
                + '-'
                + high.substring(8, 12)
                + '-'
                + high.substring(12)
                + '-'
                + low.substring(0, 4)
                + '-'
                + low.substring(4);
    }

    /** Returns whether a client's id can be kept: visible ASCII of a sensible length. */
    public static boolean isUsable(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) <= ' ' || id.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }
}
