package io.weir.extproc.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;

import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpTrailers;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.Drainable;
import io.grpc.StatusRuntimeException;
import io.weir.extproc.wire.Reply.Side;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;

/** Messages read and written by hand, judged by the generated classes. */
class MarshallersTest {

    private static final int MESSAGES = 2_000;
    private static final int[] SIZES = {0, 1, 100, 116, 117, 118, 127, 128, 129, 16_383, 62_000};

    private final Marshallers.Requests requests = new Marshallers.Requests();
    private final Marshallers.Replies replies = new Marshallers.Replies();
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private ByteString bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    private int size() {
        int size = SIZES[random.nextInt(SIZES.length)];
        return random.nextBoolean() ? size : random.nextInt(400);
    }

    @Test
    void writesPiecesOfBodiesAsTheGeneratedClassesDo() throws IOException {
        for (int i = 0; i < MESSAGES; i++) {
            Side side = random.nextBoolean() ? Side.REQUEST : Side.RESPONSE;
            Reply.Piece piece = new Reply.Piece(side, bytes(size()), random.nextBoolean());

            InputStream drained = replies.stream(piece);
            InputStream read = replies.stream(piece);

            byte[] expected = piece.message().toByteArray();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(drained.available()).as("seed %d", seed).isEqualTo(expected.length);
            assertThat(((Drainable) drained).drainTo(out)).isEqualTo(expected.length);
            assertThat(out.toByteArray()).as("seed %d", seed).isEqualTo(expected);
            assertThat(read.readAllBytes()).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void writesOtherRepliesAsTheyAre() throws IOException {
        ProcessingResponse reply =
                io.weir.extproc.wire.Replies.responseHeaders(new Changes().set("a", "b")).build();

        byte[] written = replies.stream(new Reply.Message(reply)).readAllBytes();

        assertThat(ProcessingResponse.parseFrom(written)).isEqualTo(reply);
        assertThat(replies.parse(new ByteArrayInputStream(written)).message()).isEqualTo(reply);
    }

    private ProcessingRequest answerPiece() {
        ProcessingRequest.Builder message =
                ProcessingRequest.newBuilder()
                        .setResponseBody(
                                HttpBody.newBuilder()
                                        .setBody(bytes(size()))
                                        .setEndOfStream(random.nextBoolean()));
        if (random.nextBoolean()) {
            message.setMetadataContext(Metadata.newBuilder().putFilterMetadata("lb", struct()));
        }
        if (random.nextBoolean()) {
            message.putAttributes("envoy.filters.http.ext_proc", struct());
        }
        return message.build();
    }

    private Struct struct() {
        Value value = Value.newBuilder().setStringValue("x".repeat(random.nextInt(300))).build();
        return Struct.newBuilder().putFields("k", value).build();
    }

    @Test
    void readsPiecesOfAnswersAsTheGeneratedClassesDo() {
        for (int i = 0; i < MESSAGES; i++) {
            ProcessingRequest message = answerPiece();

            Incoming read = requests.parse(new ByteArrayInputStream(message.toByteArray()));

            HttpBody body = message.getResponseBody();
            assertThat(read)
                    .as("seed %d", seed)
                    .isEqualTo(new Incoming.AnswerPiece(body.getBody(), body.getEndOfStream()));
            assertThat(read.message().getResponseBody()).isEqualTo(body);
        }
    }

    @Test
    void leavesOtherMessagesToTheGeneratedClasses() {
        UnknownFieldSet newer =
                UnknownFieldSet.newBuilder()
                        .addField(3, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build();
        HttpBody body = HttpBody.newBuilder().setBody(bytes(9)).build();
        ProcessingRequest.Builder message = ProcessingRequest.newBuilder();
        for (ProcessingRequest other :
                Arrays.asList(
                        ProcessingRequest.getDefaultInstance(),
                        message.setRequestBody(body).build(),
                        message.setRequestHeaders(HttpHeaders.getDefaultInstance()).build(),
                        message.setResponseTrailers(HttpTrailers.getDefaultInstance()).build(),
                        message.setResponseBody(body.toBuilder().setUnknownFields(newer)).build(),
                        message.setResponseBody(body).setUnknownFields(newer).build())) {
            assertThat(requests.parse(new ByteArrayInputStream(other.toByteArray())))
                    .isEqualTo(new Incoming.Message(other));
        }
    }

    @Test
    void judgesMessagesThatAreCutOffOrSpoiledAsTheGeneratedClassesDo() {
        for (int i = 0; i < MESSAGES; i++) {
            byte[] whole = answerPiece().toByteArray();
            byte[] spoiled = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            boolean spoils = random.nextBoolean() && spoiled.length > 0;
            if (spoils) {
                spoiled[random.nextInt(Math.min(8, spoiled.length))] = (byte) random.nextInt();
            }

            ByteArrayInputStream stream = new ByteArrayInputStream(spoiled);
            try {
                ProcessingRequest expected = ProcessingRequest.parseFrom(spoiled);
                Incoming read = requests.parse(stream);
                assertThat(read.message().getResponseBody())
                        .as("seed %d", seed)
                        .isEqualTo(expected.getResponseBody());
            } catch (InvalidProtocolBufferException _) {
                assertRefusedUnlessOnlyMetadataIsSpoiled(spoiled, stream);
            }
        }
    }

    /** What stands beside a piece is not looked into. */
    private void assertRefusedUnlessOnlyMetadataIsSpoiled(byte[] spoiled, InputStream stream) {
        if (AnswerPieces.read(spoiled) == null) {
            assertThatThrownBy(() -> requests.parse(stream))
                    .as("seed %d", seed)
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("INTERNAL");
        }
    }

    @Test
    void readsStreamsThatDoNotKnowTheirLength() {
        byte[] bytes = answerPiece().toByteArray();
        InputStream slow =
                new FilterInputStream(new ByteArrayInputStream(bytes)) {
                    @Override
                    public int available() throws IOException {
                        return Math.min(3, super.available());
                    }
                };

        assertThat(requests.parse(slow)).isEqualTo(requests.parse(new ByteArrayInputStream(bytes)));
    }
}
