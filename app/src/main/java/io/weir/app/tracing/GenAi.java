package io.weir.app.tracing;

/**
 * What a path says of a request to a model.
 *
 * @param operation what is asked for, for instance {@code chat}
 * @param provider whose API it is, for instance {@code openai}
 * @param path the path as it may name a span; empty when it is none that is known
 */
record GenAi(String operation, String provider, String path) {

    private static final String OPENAI = "openai";
    private static final String CHAT = "chat";

    static GenAi of(String path) {
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return switch (lastParts(trimmed)) {
            case "chat/completions" -> openAi(CHAT, "/v1/chat/completions");
            case "completions" -> openAi("text_completion", "/v1/completions");
            case "embeddings" -> openAi("embeddings", "/v1/embeddings");
            case "responses" -> openAi(CHAT, "/v1/responses");
            case "messages" -> new GenAi(CHAT, "anthropic", "/v1/messages");
            case "models" -> openAi("models", "/v1/models");
            default -> openAi("generate_content", "");
        };
    }

    private static GenAi openAi(String operation, String path) {
        return new GenAi(operation, OPENAI, path);
    }

    private static String lastParts(String path) {
        if (path.endsWith("/chat/completions")) {
            return "chat/completions";
        }
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
