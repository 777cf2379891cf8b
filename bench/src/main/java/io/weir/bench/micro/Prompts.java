package io.weir.bench.micro;

import io.weir.picker.PickRequest;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/** Requests with prompts of random text. */
final class Prompts {

    private Prompts() {}

    /** Returns requests of which each few share the first half of their prompts. */
    static PickRequest[] sharing(int count, int bytes, int sharers, RandomGenerator random) {
        PickRequest[] requests = new PickRequest[count];
        byte[] shared = text(bytes, random);
        for (int i = 0; i < count; i++) {
            if (i % sharers == 0) {
                shared = text(bytes, random);
            }
            byte[] own = text(bytes, random);
            System.arraycopy(shared, 0, own, 0, bytes / 2);
            requests[i] = request(own);
        }
        return requests;
    }

    static PickRequest request(byte[] prompt) {
        return new PickRequest(
                "llama",
                false,
                List.of(ByteBuffer.wrap(prompt)),
                prompt.length / 4,
                -1,
                0,
                "default-flow",
                null);
    }

    static byte[] text(int bytes, RandomGenerator random) {
        byte[] text = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            text[i] = (byte) random.nextInt('a', 'z' + 1);
        }
        return text;
    }
}
