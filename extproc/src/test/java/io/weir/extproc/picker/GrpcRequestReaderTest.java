package io.weir.extproc.picker;

import static io.weir.extproc.picker.EngineMessages.embed;
import static io.weir.extproc.picker.EngineMessages.frame;
import static io.weir.extproc.picker.EngineMessages.generate;
import static io.weir.extproc.picker.EngineMessages.message;
import static io.weir.extproc.picker.EngineMessages.tokenized;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Random;

class GrpcRequestReaderTest {

    private static final String GENERATE = "/vllm.grpc.engine.VllmEngine/Generate";
    private static final String EMBED = "/vllm.grpc.engine.VllmEngine/Embed";

    @Test
    void tokensOfGenerateAreToldOneByOne() {
        Told told = GrpcRequestReader.read(GENERATE, frame(generate(true, 1, 300, 70_000)));

        assertThat(told.promptTokens()).isEqualTo(3);
        assertThat(told.prompt())
                .containsExactly(
                        ByteBuffer.allocate(12).putInt(1).putInt(300).putInt(70_000).flip());
        assertThat(told.maxTokens()).isEqualTo(100);
        assertThat(told.stream()).isTrue();
        assertThat(requireNonNull(told.sent()).tokens()).containsExactly(1, 300, 70_000);
    }

    @Test
    void tokensThatAreNotPackedCountTheSame() {
        ByteString input =
                message(out -> {
                    out.writeUInt32(2, 7);
                    out.writeUInt32(2, 8);
                });

        Told told = GrpcRequestReader.read(EMBED, frame(message(out -> out.writeBytes(2, input))));

        assertThat(requireNonNull(told.sent()).tokens()).containsExactly(7, 8);
    }

    @Test
    void textIsEstimated() {
        Told told = GrpcRequestReader.read(GENERATE, frame(generate("hello")));

        assertThat(told.promptTokens()).isEqualTo(2);
        assertThat(told.prompt())
                .containsExactly(ByteString.copyFromUtf8("hello").asReadOnlyByteBuffer());
        assertThat(told.maxTokens()).isEqualTo(-1);
        assertThat(told.stream()).isFalse();
        assertThat(told.sent()).isNull();
    }

    @Test
    void embeddingHasNoLimit() {
        Told told = GrpcRequestReader.read(EMBED, frame(embed(5, 6, 7)));

        assertThat(told.promptTokens()).isEqualTo(3);
        assertThat(told.maxTokens()).isEqualTo(-1);
        assertThat(told.stream()).isFalse();
    }

    @Test
    void tokensBetweenImagesDoNotTellWhatBlocksHold() {
        ByteString media = message(out -> out.writeString(6, "cafe"));
        ByteString request =
                message(out -> {
                    out.writeBytes(2, tokenized(1, 2));
                    out.writeBytes(7, media);
                });

        Told told = GrpcRequestReader.read(GENERATE, frame(request));

        assertThat(told.media())
                .containsExactly(ByteString.copyFromUtf8("cafe").asReadOnlyByteBuffer());
        assertThat(told.promptTokens()).isEqualTo(2);
        assertThat(told.sent()).isNull();
    }

    @Test
    void whatCannotBeReadTellsNothing() {
        ByteString message = generate(true, 1, 2, 3);
        ByteString whole = frame(message);
        ByteString groupEnd = message.concat(ByteString.copyFrom(new byte[] {0x14}));

        assertThat(GrpcRequestReader.read(GENERATE, frame(1, message))).isSameAs(Told.NOTHING);
        assertThat(GrpcRequestReader.read(GENERATE, frame(groupEnd))).isSameAs(Told.NOTHING);
        assertThat(GrpcRequestReader.read("/v1/chat/completions", whole)).isSameAs(Told.NOTHING);
        for (int end = 0; end < whole.size(); end++) {
            assertThat(GrpcRequestReader.read(GENERATE, whole.substring(0, end)))
                    .isSameAs(Told.NOTHING);
        }
    }

    @Test
    void noBytesBreakIt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] good = generate(true, 1, 2, 3, 4000).toByteArray();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int change = 0; change < 3; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            assertThat(GrpcRequestReader.read(GENERATE, frame(ByteString.copyFrom(bytes))))
                    .as("seed %d", seed)
                    .isNotNull();
        }
    }
}
