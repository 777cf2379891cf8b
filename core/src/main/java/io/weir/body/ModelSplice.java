package io.weir.body;

import java.nio.charset.StandardCharsets;

/**
 * Replaces the top-level model of a body, or inserts it, without touching any other byte: the new
 * body is {@code body[0, cutStart) + replacement + body[cutEnd, …)}.
 *
 * @param cutStart first byte that is left out
 * @param cutEnd byte after the last one that is left out; equal to {@code cutStart} for an
 *     insertion
 * @param replacement what stands there instead; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record ModelSplice(long cutStart, long cutEnd, byte[] replacement) {

    /** Returns the splice that makes {@code newModel} the model of the body. */
    public static ModelSplice of(BodyFacts facts, String newModel) {
        StringBuilder text = new StringBuilder(newModel.length() + 16);
        ByteRange cut = facts.modelRange();
        if (cut.isEmpty()) {
            cut = facts.insertAt();
            JsonText.quote(text.append("\"model\":"), newModel);
            text.append(facts.emptyObject() ? "" : ",");
        } else {
            JsonText.quote(text, newModel);
        }
        return new ModelSplice(
                cut.start(), cut.end(), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns by how many bytes the body grows; negative when it shrinks. */
    public long delta() {
        return replacement.length - (cutEnd - cutStart);
    }
}
