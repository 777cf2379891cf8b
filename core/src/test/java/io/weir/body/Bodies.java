package io.weir.body;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Ways to feed bodies to a scanner. */
final class Bodies {

    private Bodies() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static BodyFacts scan(String text) throws BodyException {
        return scan(bytes(text));
    }

    static BodyFacts scan(byte[] body) throws BodyException {
        return scan(body, BodyLimits.DEFAULTS, body.length);
    }

    /** Feeds the body in slices that end at the given index and then at the end. */
    static BodyFacts scan(byte[] body, BodyLimits limits, int split) throws BodyException {
        BodyScanner scanner = new BodyScanner(limits);
        scanner.feed(ByteBuffer.wrap(body, 0, split));
        scanner.feed(ByteBuffer.wrap(body, split, body.length - split));
        return scanner.finish();
    }

    /** Feeds the body byte by byte. */
    static BodyFacts scanBytewise(byte[] body, BodyLimits limits) throws BodyException {
        BodyScanner scanner = new BodyScanner(limits);
        for (int i = 0; i < body.length; i++) {
            scanner.feed(ByteBuffer.wrap(body, i, 1));
        }
        return scanner.finish();
    }

    /** Returns a copy of the bytes outside of the heap. */
    static ByteBuffer direct(byte[] body) {
        return ByteBuffer.allocateDirect(body.length).put(body).flip();
    }

    static List<String> texts(byte[] body, BodyFacts facts) {
        return facts.promptRanges().stream().map(range -> text(body, range)).toList();
    }

    static String text(byte[] body, ByteRange range) {
        return new String(body, (int) range.start(), (int) range.length(), StandardCharsets.UTF_8);
    }

    static byte[] splice(byte[] body, ModelSplice splice) {
        byte[] result = new byte[(int) (body.length + splice.delta())];
        ByteBuffer.wrap(result)
                .put(body, 0, (int) splice.cutStart())
                .put(splice.replacement())
                .put(body, (int) splice.cutEnd(), (int) (body.length - splice.cutEnd()));
        return result;
    }
}
