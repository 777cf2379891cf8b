package io.weir.picker.plugin;

import io.weir.picker.RequestHeaders;
import io.weir.picker.prefix.EventSource;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.tokens.Tokenizing;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/** Says how something that other plugins look at is worked out. */
public sealed interface Producer extends Plugin {

    /**
     * How prompts are matched, for plugins that ask for matches.
     *
     * @param settings how
     * @param events where servers publish what happens in their caches; null when they are not
     *     asked
     */
    record Prefixes(PrefixSettings settings, @Nullable EventSource events)
            implements Producer, PrefixSource {

        @Override
        public Optional<PrefixSettings> prefixSettings() {
            return Optional.of(settings);
        }
    }

    /**
     * How the tokens of an answer are estimated that count as load of a server until it is there.
     *
     * @param outputRatio tokens of the answer for one of the prompt; 0 for an estimate from answers
     *     seen before, which counts for no token load
     * @param maxOutputTokens most tokens estimated; 0 for no limit
     */
    record Load(double outputRatio, long maxOutputTokens) implements Producer {

        /** The estimate from answers seen before. */
        public static final Load LEARNED = new Load(0, 0);

        /** Returns whether answers count as token load. */
        public boolean countsOutput() {
            return outputRatio > 0;
        }

        /**
         * Returns the estimate for an answer.
         *
         * @param maxTokens limit that the client set; -1 for none
         */
        public long outputTokens(long promptTokens, long maxTokens) {
            long tokens = Math.max(1, Math.round(outputRatio * promptTokens));
            tokens = maxTokens > 0 ? Math.min(tokens, maxTokens) : tokens;
            return maxOutputTokens > 0 ? Math.min(tokens, maxOutputTokens) : tokens;
        }
    }

    /**
     * How prompts become tokens, where servers tell which tokens are in their caches. Elsewhere
     * tokens are estimated from bytes.
     *
     * @param how how; null when they never do
     */
    record Tokens(@Nullable Tokenizing how) implements Producer {}

    /**
     * How predicted latencies are compared with what requests ask for.
     *
     * @param sloBufferFactor factor by which the wanted time per token is taken
     */
    record Latencies(double sloBufferFactor) implements Producer {}

    /**
     * Where a request says which session it belongs to.
     *
     * @param headers headers, lower case; the first that the request has counts
     * @param cookie name of a cookie that is looked at after them; null for none
     */
    record SessionId(List<String> headers, @Nullable String cookie) implements Producer {

        public SessionId {
            headers = List.copyOf(headers);
        }

        /** Returns the session of a request; null when it has none. */
        public @Nullable String of(RequestHeaders request) {
            for (int i = 0; i < headers.size(); i++) {
                String value = request.get(headers.get(i));
                if (value != null && !value.isEmpty()) {
                    return value;
                }
            }
            return cookie == null ? null : Cookies.value(request.get("cookie"), cookie);
        }
    }

    /**
     * Which agent a request comes from; it stands in for the fairness id.
     *
     * @param session where the request says so
     */
    record Agent(SessionId session) implements Producer {

        /** Headers by which agents are known. */
        public static final List<String> HEADERS =
                List.of(
                        "x-claude-code-session-id",
                        "x-session-affinity",
                        "session-id",
                        "session_id");
    }

    /**
     * Which media servers have encoded lately.
     *
     * @param itemsPerServer most items remembered for one server
     */
    record Media(int itemsPerServer) implements Producer {}
}
