package io.weir.simulator.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import io.weir.simulator.http.Bytes;

import java.nio.charset.StandardCharsets;

/** Writes JSON. */
public final class Json {

    private Json() {}

    /** Returns a JSON string with its quotes. */
    public static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    /** Returns text in UTF-8. */
    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Writes the inside of a JSON string. */
    static void escape(Bytes out, byte[] utf8, int from, int to) {
        int begin = from;
        for (int i = from; i < to; i++) {
            byte b = utf8[i];
            if (b == '"' || b == '\\' || (b >= 0 && b < 0x20)) {
                out.writeBytes(utf8, begin, i - begin);
                escape(out, b);
                begin = i + 1;
            }
        }
        out.writeBytes(utf8, begin, to - begin);
    }

    private static void escape(Bytes out, byte b) {
        out.writeByte('\\');
        switch (b) {
            case '\n' -> out.writeByte('n');
            case '\r' -> out.writeByte('r');
            case '\t' -> out.writeByte('t');
            case '"', '\\' -> out.writeByte(b);
            default -> {
                out.writeBytes(utf8("u00"));
                out.writeByte('0' + (b >> 4));
                out.writeByte(Character.forDigit(b & 0xf, 16));
            }
        }
    }
}
