package io.weir.picker.prefix;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Prompts for tests. */
final class Prompts {

    static final int BLOCK = PrefixSettings.DEFAULT.blockBytes();

    private Prompts() {}

    static byte[] text(long seed, int bytes) {
        byte[] text = new byte[bytes];
        new SplittableRandom(seed).nextBytes(text);
        return text;
    }

    static byte[] join(byte[] one, byte[] two) {
        byte[] joined = new byte[one.length + two.length];
        System.arraycopy(one, 0, joined, 0, one.length);
        System.arraycopy(two, 0, joined, one.length, two.length);
        return joined;
    }

    static PromptHashes hashes(byte[] text) {
        return hashes("llama", List.of(ByteBuffer.wrap(text)));
    }

    static PromptHashes hashes(String model, List<ByteBuffer> prompt) {
        PromptHashes hashes = new PromptHashes();
        hashes.compute(model, prompt, PrefixSettings.DEFAULT);
        return hashes;
    }

    static List<Long> list(PromptHashes hashes) {
        List<Long> list = new ArrayList<>();
        for (int i = 0; i < hashes.size(); i++) {
            list.add(hashes.hash(i));
        }
        return list;
    }

    static PromptHashes blocks(long seed, int blocks) {
        return hashes(text(seed, blocks * BLOCK));
    }
}
