package io.weir.simulator;

import io.weir.simulator.text.Answer;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Ends answers before a stop string. */
final class Stops {

    private Stops() {}

    /** Returns the answer up to its first stop string that begins after {@code minTokens}. */
    static Answer apply(Answer answer, List<String> stops, int minTokens) {
        if (stops.isEmpty()) {
            return answer;
        }
        String text = answer.text();
        int from = minTokens == 0 ? 1 : answer.endOf(Math.min(minTokens, answer.tokens()) - 1);
        int end = text.length();
        for (String stop : stops) {
            int found = stop.isEmpty() ? -1 : text.indexOf(stop, Math.min(from, text.length()));
            end = found >= 0 ? Math.min(end, found) : end;
        }
        if (end == text.length()) {
            return answer;
        }
        byte[] cut = text.substring(0, end).getBytes(StandardCharsets.UTF_8);
        return Answer.of(cut, Integer.MAX_VALUE);
    }
}
