package io.weir.bench.extproc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;

import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProtocolConfiguration;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of one kind of request, as Envoy sends them, each with the five bytes that gRPC puts
 * in front.
 *
 * @param request headers and body
 * @param responseHeaders headers of the answer
 * @param chunks pieces of the answer
 * @param chunkBytes bytes of each piece but the last
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record EnvoyMessages(
        List<byte[]> request, byte[] responseHeaders, List<byte[]> chunks, int chunkBytes) {

    private static final int PIECE_BYTES = 64 << 10;
    private static final int GRPC_PREFIX = 5;
    private static final String EVENT =
            """
            data: {"id":"chatcmpl-5e21f0a7b4c94d0e","object":"chat.completion.chunk",\
            "created":1760000000,"model":"MODEL","choices":[{"index":0,"delta":{"content":" river"},\
            "logprobs":null,"finish_reason":null}]}

            """;
    private static final String LAST_EVENT =
            """
            data: {"id":"chatcmpl-5e21f0a7b4c94d0e","object":"chat.completion.chunk",\
            "created":1760000000,"model":"MODEL","choices":[],\
            "usage":{"prompt_tokens":57,"total_tokens":157,"completion_tokens":100}}

            data: [DONE]

            """;
    private static final String ANSWER =
            """
            {"id":"chatcmpl-5e21f0a7b4c94d0e","object":"chat.completion","created":1760000000,\
            "model":"MODEL","choices":[{"index":0,"message":{"role":"assistant",\
            "content":"The weir turns the river into pools."},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":57,"total_tokens":66,"completion_tokens":9}}\
            """;

    /**
     * @param model the model that is asked for
     * @param body the request's body
     * @param chunks pieces of the answer; 1 for an answer that is no stream
     */
    static EnvoyMessages of(String model, byte[] body, int chunks) {
        List<byte[]> request = new ArrayList<>();
        request.add(framed(requestHeaders(body.length)));
        for (int at = 0; at < body.length; at += PIECE_BYTES) {
            int end = Math.min(at + PIECE_BYTES, body.length);
            HttpBody piece = piece(ByteString.copyFrom(body, at, end - at), end == body.length);
            request.add(framed(ProcessingRequest.newBuilder().setRequestBody(piece).build()));
        }
        boolean streams = chunks > 1;
        String event = EVENT.replace("MODEL", model);
        String last = streams ? LAST_EVENT.replace("MODEL", model) : ANSWER.replace("MODEL", model);
        List<byte[]> answer = new ArrayList<>();
        for (int i = 1; i < chunks; i++) {
            answer.add(chunk(event, false));
        }
        answer.add(chunk(last, true));
        return new EnvoyMessages(request, framed(responseHeaders(streams)), answer, event.length());
    }

    private static byte[] chunk(String text, boolean last) {
        HttpBody piece = piece(ByteString.copyFromUtf8(text), last);
        return framed(ProcessingRequest.newBuilder().setResponseBody(piece).build());
    }

    private static HttpBody piece(ByteString bytes, boolean last) {
        return HttpBody.newBuilder().setBody(bytes).setEndOfStream(last).build();
    }

    private static ProcessingRequest requestHeaders(int bodyBytes) {
        ProtocolConfiguration duplex =
                ProtocolConfiguration.newBuilder()
                        .setRequestBodyMode(BodySendMode.FULL_DUPLEX_STREAMED)
                        .setResponseBodyMode(BodySendMode.FULL_DUPLEX_STREAMED)
                        .build();
        return ProcessingRequest.newBuilder()
                .setRequestHeaders(
                        headers(
                                ":authority", "llm.example.com",
                                ":path", "/v1/chat/completions",
                                ":method", "POST",
                                ":scheme", "http",
                                "content-type", "application/json",
                                "content-length", Integer.toString(bodyBytes),
                                "user-agent", "weir-bench",
                                "accept", "*/*",
                                "x-forwarded-proto", "http",
                                "x-request-id", "0c1f4c5e-6f7b-4c0f-9c61-3a4f3c2b1a00"))
                .setMetadataContext(Metadata.getDefaultInstance())
                .setProtocolConfig(duplex)
                .build();
    }

    private static ProcessingRequest responseHeaders(boolean streams) {
        Value server = Value.newBuilder().setStringValue("127.0.0.2:18000").build();
        Struct served =
                Struct.newBuilder().putFields("x-gateway-destination-endpoint", server).build();
        return ProcessingRequest.newBuilder()
                .setResponseHeaders(
                        headers(
                                ":status", "200",
                                "content-type", streams ? "text/event-stream" : "application/json",
                                "date", "Fri, 21 Nov 2025 12:00:00 GMT",
                                "server", "uvicorn",
                                "x-envoy-upstream-service-time", "3"))
                .setMetadataContext(Metadata.newBuilder().putFilterMetadata("envoy.lb", served))
                .build();
    }

    private static HttpHeaders headers(String... namesAndValues) {
        HeaderMap.Builder map = HeaderMap.newBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.addHeaders(
                    HeaderValue.newBuilder()
                            .setKey(namesAndValues[i])
                            .setRawValue(
                                    ByteString.copyFrom(
                                            namesAndValues[i + 1], StandardCharsets.UTF_8)));
        }
        return HttpHeaders.newBuilder().setHeaders(map).build();
    }

    private static byte[] framed(ProcessingRequest message) {
        byte[] bytes = message.toByteArray();
        return ByteBuffer.allocate(GRPC_PREFIX + bytes.length)
                .put((byte) 0)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }
}
