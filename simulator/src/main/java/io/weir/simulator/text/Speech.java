package io.weir.simulator.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What one model can say: who it is, then sentences from a list, beginning anywhere in it.
 *
 * <p>Immutable.
 */
public final class Speech {

    private static final int MEAN_TOKENS = 40;
    private static final int TOKENS_DEVIATION = 20;
    private static final int MAX_NATURAL_TOKENS = 160;

    private static final List<String> SENTENCES =
            List.of(
                    " No GPU took part in this answer.",
                    " My words come from a short list and have nothing to do with your question.",
                    " What is real is the protocol, the pace of the tokens and the counters.",
                    " Prompts that begin alike find their first blocks in my cache.",
                    " When the cache is full, the newest request gives way and starts over.",
                    " An adapter that nobody asked for in a while makes room for the next one.",
                    " The gateway in front of me chose this server among its neighbours.",
                    " A weir turns a river into pools and meters what flows between them.",
                    " Water that waits behind a weir is not lost, only late.",
                    " Long prompts are read in chunks, so that others may speak in between.",
                    " Each step serves everybody in the batch, which is why a crowd is slow.",
                    " Ask again and I may begin with another sentence.",
                    " The last token of this answer knows why it is the last.",
                    " If you can read this, the stream arrived in order.",
                    " Somewhere a scheduler is counting blocks of sixteen tokens.",
                    " I have never seen a river, but I was told that it never waits.");

    private static final byte[][] ENCODED =
            SENTENCES.stream().map(Speech::utf8).toArray(byte[][]::new);

    private final byte[] introduction;

    /**
     * @param model name of the model
     * @param server name of the server it runs on
     */
    public Speech(String model, String server) {
        introduction = utf8("I am " + model + ", simulated by " + server + ".");
    }

    /**
     * Returns an answer of natural length: whole sentences, about 40 tokens.
     *
     * @param minTokens its least length
     * @param maxTokens where to cut it
     */
    public Answer natural(int minTokens, int maxTokens, RandomGenerator random) {
        double length = MEAN_TOKENS + TOKENS_DEVIATION * random.nextGaussian();
        int tokens = Math.max(minTokens, (int) Math.clamp(length, 1, MAX_NATURAL_TOKENS));
        return Answer.of(text(Math.min(tokens, maxTokens), random), maxTokens);
    }

    /** Returns an answer of an exact length, ended by its limit. */
    public Answer exactly(int tokens, RandomGenerator random) {
        return Answer.of(text(tokens, random), tokens).endedByLimit();
    }

    /** Returns whole sentences of at least that many tokens. */
    private byte[] text(int tokens, RandomGenerator random) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(4 * tokens + 128);
        text.writeBytes(introduction);
        int sentence = random.nextInt(ENCODED.length);
        while (text.size() < 4L * tokens) {
            text.writeBytes(ENCODED[sentence]);
            sentence = (sentence + 1) % ENCODED.length;
        }
        return text.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
