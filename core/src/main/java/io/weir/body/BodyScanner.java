package io.weir.body;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/**
 * Reads the facts of a JSON request body in one pass while its bytes arrive, in slices of any size;
 * refuses what isn't strict JSON, or what two readers could read differently.
 *
 * <p>Memory doesn't grow with the body, apart from {@link BodyFacts#promptRanges}. Not thread-safe;
 * made to be used again after {@link #reset()}.
 *
 * <p>Refused besides malformed JSON (RFC 8259, UTF-8 without byte order mark, no bytes after the
 * object): a body that isn't an object; a top-level key that is read here and occurs twice; a
 * {@code model} that is neither string nor null, is too long, or holds control characters or half a
 * surrogate pair; nesting and keys beyond {@link BodyLimits}. Keys are compared after decoding
 * their escapes, and by exact case, as model servers do.
 *
 * <p>The token estimate adds up, rounded up to whole tokens:
 *
 * <ul>
 *   <li>text: a quarter token for a character of one byte, a half for two bytes (Latin with
 *       accents, Greek, Cyrillic), one for three bytes (CJK), two for four bytes (emoji), whether
 *       written as such or as an escape;
 *   <li>lists of token numbers: one each, exactly;
 *   <li>4 for each message, for the chat template's marks;
 *   <li>256 for an image or a piece of audio, 2048 for a video, 1024 for a file, whatever their
 *       size: their base64 isn't text;
 *   <li>definitions of tools: a quarter token per byte as written.
 * </ul>
 */
public final class BodyScanner {

    private final Pieces pieces = new Pieces();
    private final RequestFields fields;

    /** Returns a scanner for one body. */
    public BodyScanner(BodyLimits limits) {
        fields = new RequestFields(limits);
    }

    /** Reads all bytes between the slice's position and limit; the position ends at the limit. */
    public ScanState feed(ByteBuffer slice) {
        while (pieces.next(slice)) {
            read(pieces.bytes(), pieces.from(), pieces.to());
        }
        return fields.scanState();
    }

    /**
     * Returns the facts of a body that was fed completely.
     *
     * @throws BodyException when the body is incomplete or was refused
     */
    public BodyFacts finish() throws BodyException {
        if (fields.scanState() != ScanState.DONE) {
            throw fields.problem();
        }
        return fields.facts();
    }

    /**
     * Returns the facts of a body of which no more comes than was fed: those of the whole when it
     * is complete, else what its beginning says, with the part of a prompt that the cut goes
     * through. Members behind the cut read as absent.
     *
     * @throws BodyException when what was fed is refused, or ends before the model
     */
    public BodyFacts finishPart() throws BodyException {
        if (fields.scanState() != ScanState.MORE) {
            return finish();
        }
        return fields.factsOfPart();
    }

    /**
     * Returns the model as soon as its value has ended; null before. Only {@link #finish()} tells
     * that the body is sound and names no other model.
     */
    public @Nullable String modelSoFar() {
        return fields.model();
    }

    /** Forgets everything, for the next body. */
    public void reset() {
        fields.reset();
    }

    private void read(byte[] bytes, int from, int to) {
        int at = fields.scan(bytes, from, to);
        if (fields.scanState() == ScanState.DONE) {
            trailer(bytes, at, to);
        }
    }

    private void trailer(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte c = bytes[at];
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                fields.rejectJson("expected the end of the body", fields.offset() - (to - at));
                return;
            }
        }
    }
}
