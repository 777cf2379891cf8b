package io.weir.simulator.wire;

import java.util.List;

/** An answer under way: what all its frames have in common, and its choices. */
public final class Completion {

    private final String id;
    private final String model;
    private final long createdSeconds;
    private final GenerationRequest request;
    private final List<Choice> choices;

    /**
     * @param id what makes its id unique
     * @param model model name as the client wrote it
     * @param createdSeconds Unix time
     * @param request what is answered
     * @param choices answers, {@code request.choices()} for each prompt
     */
    public Completion(
            String id,
            String model,
            long createdSeconds,
            GenerationRequest request,
            List<Choice> choices) {
        this.id = id;
        this.model = model;
        this.createdSeconds = createdSeconds;
        this.request = request;
        this.choices = List.copyOf(choices);
    }

    /** Returns its choices. */
    public List<Choice> choices() {
        return choices;
    }

    /** Returns what is answered. */
    public GenerationRequest request() {
        return request;
    }

    String id() {
        return id;
    }

    String model() {
        return model;
    }

    long createdSeconds() {
        return createdSeconds;
    }

    /** Returns the tokens of all prompts, each counted once however many answers it gets. */
    int promptTokens() {
        int tokens = 0;
        for (int i = 0; i < choices.size(); i += request.choices()) {
            tokens += choices.get(i).promptTokens();
        }
        return tokens;
    }

    /** Returns how many prompt tokens were found in the cache. */
    int cachedTokens() {
        int tokens = 0;
        for (int i = 0; i < choices.size(); i += request.choices()) {
            tokens += choices.get(i).cachedTokens();
        }
        return tokens;
    }

    int generatedTokens() {
        int tokens = 0;
        for (Choice choice : choices) {
            tokens += choice.generated();
        }
        return tokens;
    }

    /** Returns tokens that were written as a stream's frames. */
    public int writtenTokens() {
        int tokens = 0;
        for (Choice choice : choices) {
            tokens += choice.written();
        }
        return tokens;
    }
}
