package io.weir.extproc.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Messages of the protocol to and from bytes; pieces of bodies without the generated classes. */
final class Marshallers {

    private Marshallers() {}

    /** What proxies send. A message's bytes are copied once, and its parts are views of them. */
    static final class Requests implements Marshaller<Incoming> {

        private final Marshaller<ProcessingRequest> any =
                ProtoUtils.marshaller(ProcessingRequest.getDefaultInstance());

        @Override
        public InputStream stream(Incoming value) {
            return any.stream(value.message());
        }

        @Override
        public Incoming parse(InputStream stream) {
            try {
                byte[] bytes = bytes(stream);
                Incoming piece = AnswerPieces.read(bytes);
                return piece == null ? new Incoming.Message(parsed(bytes)) : piece;
            } catch (IOException e) {
                throw Status.INTERNAL
                        .withDescription("not a message of this protocol")
                        .withCause(e)
                        .asRuntimeException();
            }
        }

        /** Streams of gRPC tell their length; the rest is for those that don't. */
        private static byte[] bytes(InputStream stream) throws IOException {
            byte[] bytes = new byte[stream.available()];
            int read = stream.readNBytes(bytes, 0, bytes.length);
            int next = stream.read();
            if (next < 0 && read == bytes.length) {
                return bytes;
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.write(bytes, 0, read);
            if (next >= 0) {
                all.write(next);
                stream.transferTo(all);
            }
            return all.toByteArray();
        }

        private static ProcessingRequest parsed(byte[] bytes)
                throws InvalidProtocolBufferException {
            CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            input.enableAliasing(true);
            ProcessingRequest message = ProcessingRequest.parser().parseFrom(input);
            input.checkLastTagWas(0);
            return message;
        }
    }

    /** What services answer. */
    static final class Replies implements Marshaller<Reply> {

        private final Marshaller<ProcessingResponse> any =
                ProtoUtils.marshaller(ProcessingResponse.getDefaultInstance());

        @Override
        public InputStream stream(Reply value) {
            return switch (value) {
                case Reply.Message(ProcessingResponse message) -> any.stream(message);
                case Reply.Piece piece -> new PieceStream(piece);
            };
        }

        @Override
        public Reply parse(InputStream stream) {
            return new Reply.Message(any.parse(stream));
        }
    }
}
