package io.weir.picker.builtin;

import io.weir.picker.HeaderField;
import io.weir.picker.plugin.Chosen;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Producer;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/** How sessions are bound to endpoints. */
sealed interface SessionAffinity {

    /** Returns the endpoint that a request's session is bound to; null when there is none. */
    @Nullable EndpointState bound(PickContext context);

    /** Binds a request's session to the endpoint that was picked, if it is not bound. */
    void picked(PickContext context, Chosen chosen);

    /** Tells the client what to send with the next request of the session. */
    void answerHeaders(Chosen chosen, Consumer<HeaderField> headers);

    private static @Nullable EndpointState find(PickContext context, EndpointState.Key key) {
        for (EndpointState endpoint : context.endpoints()) {
            if (endpoint.key().equals(key)) {
                return endpoint;
            }
        }
        return null;
    }

    /** Returns the endpoint of a profile; an empty name stands for the primary one. */
    private static @Nullable EndpointState of(Chosen chosen, String profile) {
        return profile.isEmpty() || profile.equals(chosen.primaryProfile())
                ? chosen.primaryState()
                : chosen.of(profile);
    }

    /**
     * The client keeps the endpoint's name, encoded, and sends it back.
     *
     * @param header header, lower case
     * @param profile profile whose endpoint is meant; empty for the primary one
     */
    record Token(String header, String profile) implements SessionAffinity {

        @Override
        public @Nullable EndpointState bound(PickContext context) {
            String token = context.header(header);
            String name = token == null ? null : decode(token);
            if (name == null) {
                return null;
            }
            for (EndpointState endpoint : context.endpoints()) {
                if (endpoint.endpoint().name().equals(name)) {
                    return endpoint;
                }
            }
            return null;
        }

        @Override
        public void picked(PickContext context, Chosen chosen) {}

        @Override
        public void answerHeaders(Chosen chosen, Consumer<HeaderField> headers) {
            EndpointState endpoint = of(chosen, profile);
            if (endpoint != null) {
                byte[] name = endpoint.endpoint().name().getBytes(StandardCharsets.UTF_8);
                headers.accept(new HeaderField(header, Base64.getEncoder().encodeToString(name)));
            }
        }

        private static @Nullable String decode(String token) {
            try {
                return new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException _) {
                return null;
            }
        }
    }

    /**
     * The picker keeps the endpoint of each session.
     *
     * @param sources where a request may say its session, the first that does counts
     * @param profile profile whose endpoint is meant; empty for the primary one
     * @param bindings the endpoints by session
     */
    record Bound(
            List<Producer.SessionId> sources,
            String profile,
            Generations<String, EndpointState.Key> bindings)
            implements SessionAffinity {

        @Override
        public @Nullable EndpointState bound(PickContext context) {
            String session = session(context);
            EndpointState.Key key =
                    session == null ? null : bindings.get(session, context.nowNanos());
            return key == null ? null : find(context, key);
        }

        @Override
        public void picked(PickContext context, Chosen chosen) {
            String session = session(context);
            EndpointState endpoint = of(chosen, profile);
            if (session != null && endpoint != null && bound(context) == null) {
                bindings.put(session, endpoint.key(), context.nowNanos());
            }
        }

        @Override
        public void answerHeaders(Chosen chosen, Consumer<HeaderField> headers) {}

        private @Nullable String session(PickContext context) {
            for (int i = 0; i < sources.size(); i++) {
                String session = sources.get(i).of(context.request().details().headers());
                if (session != null && !session.isEmpty()) {
                    return session;
                }
            }
            return null;
        }
    }
}
