package io.weir.simulator;

import java.util.ArrayList;
import java.util.List;

/**
 * The text of answers, as tokens: a sentence that says who answers, then sentences from a small
 * stock for as long as tokens are wanted.
 */
final class AnswerText {

    private static final List<String> STOCK =
            List.of(
                    "A weir is a low dam across a river.",
                    "It raises the water a little and lets the rest pass over its crest.",
                    "Behind it the stream becomes a pool, calm enough to measure.",
                    "Millers once set the flow of a whole valley by one plank.",
                    "Fish climb the ladder at its side in early spring.",
                    "When the rain comes the pool fills and the spill grows wide.",
                    "Good weirs look like part of the river.",
                    "Nothing here was computed by a model; only the timing is real.");

    private final List<String> introduction;
    private final List<String> stock;

    AnswerText(String model, String podName) {
        introduction = new ArrayList<>(pieces("This is a simulated answer of"));
        introduction.add(" " + model);
        introduction.addAll(pieces(" from"));
        introduction.add(" " + podName);
        introduction.add(".");
        stock = new ArrayList<>();
        for (String sentence : STOCK) {
            stock.addAll(pieces(" " + sentence));
        }
    }

    /** Returns the token at a position of the answer; {@code offset} varies the text. */
    String token(int index, int offset) {
        if (index < introduction.size()) {
            return introduction.get(index);
        }
        return stock.get(Math.floorMod(index - introduction.size() + offset, stock.size()));
    }

    /** Returns words with the blank before them, and punctuation, as tokens. */
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= text.length(); i++) {
            if (i == text.length()
                    || text.charAt(i) == ' '
                    || ".,;:!?".indexOf(text.charAt(i)) >= 0) {
                pieces.add(text.substring(start, i));
                start = i;
            }
        }
        return pieces;
    }
}
