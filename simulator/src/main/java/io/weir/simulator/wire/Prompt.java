package io.weir.simulator.wire;

import io.weir.simulator.text.TokenSink;
import io.weir.simulator.text.Tokens;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a model is asked. */
public sealed interface Prompt {

    /** Hands over the prompt as the model reads it. */
    void encode(TokenSink sink);

    /** Returns what an echoing model answers with. */
    String echo();

    /**
     * A conversation.
     *
     * @param messages its messages in order
     */
    record Chat(List<Message> messages) implements Prompt {

        public Chat {
            messages = List.copyOf(messages);
        }

        @Override
        public void encode(TokenSink sink) {
            for (Message message : messages) {
                sink.accept(special(message.role()));
                Tokens.encode(message.text().getBytes(StandardCharsets.UTF_8), sink);
                sink.accept(Tokens.END);
            }
            sink.accept(Tokens.ASSISTANT);
        }

        @Override
        public String echo() {
            for (Message message : messages.reversed()) {
                if (message.role().equals("user")) {
                    return message.text();
                }
            }
            return messages.getLast().text();
        }

        private static int special(String role) {
            return switch (role) {
                case "system", "developer" -> Tokens.SYSTEM;
                case "user" -> Tokens.USER;
                case "assistant" -> Tokens.ASSISTANT;
                case "tool", "function" -> Tokens.TOOL;
                default -> Tokens.OTHER;
            };
        }
    }

    /**
     * One message.
     *
     * @param role who says it
     * @param text what; parts that are no text are in it by their address
     */
    record Message(String role, String text) {}

    /**
     * A text to go on with.
     *
     * @param text the text
     */
    record Text(String text) implements Prompt {

        @Override
        public void encode(TokenSink sink) {
            Tokens.encode(text.getBytes(StandardCharsets.UTF_8), sink);
        }

        @Override
        public String echo() {
            return text;
        }
    }

    /**
     * Tokens to go on with.
     *
     * @param tokens unsigned 32-bit numbers; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Ids(int[] tokens) implements Prompt {

        @Override
        public void encode(TokenSink sink) {
            for (int token : tokens) {
                sink.accept(token);
            }
        }

        @Override
        public String echo() {
            return Tokens.decode(tokens);
        }
    }
}
