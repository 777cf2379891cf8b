package io.weir.extproc.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import io.weir.extproc.testing.ProxySide;
import io.weir.model.BaseModels;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;

class BodyRouterServiceTest {

    private static final long LIMIT = 1 << 20;
    private static final BaseModels MODELS =
            new BaseModels(Map.of("food-review-1", "llama"), Set.of("llama"));

    private final ProxySide proxy =
            new ProxySide(
                    new BodyRouterService(
                            () -> MODELS,
                            RouterObserver.NONE,
                            RouterOptions.DEFAULTS.withBodyLimit(LIMIT)));

    @AfterEach
    void close() {
        proxy.close();
    }

    private static CommonResponse headersOf(ProcessingResponse reply) {
        assertThat(reply.hasRequestHeaders()).as(reply.toString()).isTrue();
        return reply.getRequestHeaders().getResponse();
    }

    private static StreamedBodyResponse pieceOf(ProcessingResponse reply) {
        assertThat(reply.hasRequestBody()).as(reply.toString()).isTrue();
        return reply.getRequestBody().getResponse().getBodyMutation().getStreamedResponse();
    }

    @Test
    void headersAreAnsweredWhenTheBodyHasComeAndTheBodyPassesByteForByte() throws Exception {
        // Given
        String body = "{ \"messages\": [],\n \"model\" : \"food-review-1\" }";

        // When
        proxy.chatHeaders();
        boolean waits = proxy.isSilent();
        proxy.requestBody(body.substring(0, 20), false).requestBody(body.substring(20), true);

        // Then
        assertThat(waits).isTrue();
        CommonResponse headers = headersOf(proxy.reply());
        assertThat(headers.getClearRouteCache()).isTrue();
        assertThat(ProxySide.set(headers.getHeaderMutation()))
                .containsEntry("X-Gateway-Model-Name", "food-review-1")
                .containsEntry("X-Gateway-Base-Model-Name", "llama");
        StreamedBodyResponse piece = pieceOf(proxy.reply());
        assertThat(piece.getBody().toStringUtf8()).isEqualTo(body);
        assertThat(piece.getEndOfStream()).isTrue();
    }

    @Test
    void anUnknownModelHasNoBaseModelAndAForgedOneIsRemoved() throws Exception {
        // When
        proxy.chatHeaders("x-gateway-base-model-name", "llama");
        proxy.requestBody("{\"model\":\"other\"}", true);

        // Then
        CommonResponse headers = headersOf(proxy.reply());
        assertThat(ProxySide.set(headers.getHeaderMutation()))
                .containsOnlyKeys("X-Gateway-Model-Name");
        assertThat(headers.getHeaderMutation().getRemoveHeadersList())
                .containsExactly("X-Gateway-Base-Model-Name");
    }

    @Test
    void anEmptyModelIsNoneAndForgedHeadersAreRemoved() throws Exception {
        // When
        proxy.chatHeaders("x-gateway-model-name", "llama");
        proxy.requestBody("{\"model\":\"\"}", true);

        // Then
        CommonResponse headers = headersOf(proxy.reply());
        assertThat(ProxySide.set(headers.getHeaderMutation()))
                .doesNotContainKeys("X-Gateway-Model-Name", "X-Gateway-Base-Model-Name");
        assertThat(headers.getHeaderMutation().getRemoveHeadersList())
                .containsExactlyInAnyOrder("X-Gateway-Model-Name", "X-Gateway-Base-Model-Name");
    }

    @Test
    void forgedHeadersAreRemovedEvenWhenThereIsNoBody() throws Exception {
        // When
        proxy.requestHeaders(true, ":method", "GET", ":path", "/v1/models");

        // Then
        assertThat(headersOf(proxy.reply()).getHeaderMutation().getRemoveHeadersList())
                .containsExactlyInAnyOrder("X-Gateway-Model-Name", "X-Gateway-Base-Model-Name");
    }

    @Test
    void aLargeBodyGoesBackInPiecesThatEnvoyTakes() throws Exception {
        // Given
        String body = "{\"model\":\"llama\",\"prompt\":\"" + "x".repeat(200_000) + "\"}";

        // When
        proxy.chatHeaders().requestBody(body, true);

        // Then
        headersOf(proxy.reply());
        ByteString all = ByteString.EMPTY;
        StreamedBodyResponse piece;
        do {
            piece = pieceOf(proxy.reply());
            assertThat(piece.getBody().size()).isLessThanOrEqualTo(62_000);
            all = all.concat(piece.getBody());
        } while (!piece.getEndOfStream());
        assertThat(all.toStringUtf8()).isEqualTo(body);
    }

    @Test
    void aBodyOverTheLimitIsRefusedWith413() throws Exception {
        // When
        proxy.chatHeaders();
        for (int i = 0; i < 20; i++) {
            proxy.requestBody("x".repeat(60_000), false);
        }

        // Then
        ProcessingResponse reply = proxy.reply();
        assertThat(reply.getImmediateResponse().getStatus().getCodeValue()).isEqualTo(413);
        assertThat(proxy.hasEnded()).isTrue();
    }

    @Test
    void aBodyThatIsNotJsonIsRefusedWith400() throws Exception {
        // When
        proxy.chatHeaders().requestBody("no healthy upstream", true);

        // Then
        ProcessingResponse reply = proxy.reply();
        assertThat(reply.getImmediateResponse().getStatus().getCodeValue()).isEqualTo(400);
        assertThat(reply.getImmediateResponse().getBody().toStringUtf8()).contains("\"error\"");
    }

    @Test
    void aMultipartBodyPassesUnread() throws Exception {
        // When
        proxy.requestHeaders(
                false,
                ":method",
                "POST",
                ":path",
                "/v1/audio/transcriptions",
                "content-type",
                "multipart/form-data; boundary=x");
        proxy.requestBody("--x\r\n", false).requestBody("--x--", true);

        // Then
        headersOf(proxy.reply());
        assertThat(pieceOf(proxy.reply()).getBody().toStringUtf8()).isEqualTo("--x\r\n");
        assertThat(pieceOf(proxy.reply()).getEndOfStream()).isTrue();
    }

    @Test
    void aBodyThatEndsWithTrailersIsAnsweredBeforeThem() throws Exception {
        // When
        proxy.chatHeaders().requestBody("{\"model\":\"llama\"}", false).requestTrailers();

        // Then
        headersOf(proxy.reply());
        assertThat(pieceOf(proxy.reply()).getEndOfStream()).isFalse();
        assertThat(proxy.reply().hasRequestTrailers()).isTrue();
    }

    @Test
    void inBufferedModeHeadersAreAnsweredAtOnceAndTheBodyCarriesTheChanges() throws Exception {
        // When
        proxy.mode(BodySendMode.BUFFERED).chatHeaders();
        ProcessingResponse first = proxy.reply();
        proxy.requestBody("{\"model\":\"food-review-1\"}", true);
        ProcessingResponse second = proxy.reply();

        // Then
        assertThat(headersOf(first).hasHeaderMutation()).isFalse();
        CommonResponse common = second.getRequestBody().getResponse();
        assertThat(common.getClearRouteCache()).isTrue();
        assertThat(common.hasBodyMutation()).isFalse();
        assertThat(ProxySide.set(common.getHeaderMutation()))
                .containsEntry("X-Gateway-Base-Model-Name", "llama");
    }

    @Test
    void aBodyThatTheProxyCutOffIsRoutedByTheModelInItsBeginning() throws Exception {
        // When
        proxy.mode(BodySendMode.BUFFERED_PARTIAL).chatHeaders();
        proxy.reply();
        proxy.requestBody("{\"model\":\"food-review-1\",\"prompt\":\"once", false);

        // Then
        CommonResponse common = proxy.reply().getRequestBody().getResponse();
        assertThat(common.hasBodyMutation()).isFalse();
        assertThat(ProxySide.set(common.getHeaderMutation()))
                .containsEntry("X-Gateway-Base-Model-Name", "llama");
    }

    @Test
    void aBodyThatTheProxyCutOffBeforeTheModelIsRefusedRatherThanMisrouted() throws Exception {
        // When
        proxy.mode(BodySendMode.BUFFERED_PARTIAL).chatHeaders();
        proxy.reply();
        proxy.requestBody("{\"prompt\":\"once", false);

        // Then
        ImmediateResponse refusal = proxy.reply().getImmediateResponse();
        assertThat(refusal.getStatus().getCodeValue()).isEqualTo(400);
        assertThat(refusal.getBody().toStringUtf8())
                .contains("'model' is not found in the first 15 bytes of the request body");
    }

    @Test
    void aResponsePassesPieceByPiece() throws Exception {
        // Given
        proxy.chatHeaders().requestBody("{\"model\":\"llama\"}", true);
        proxy.reply();
        proxy.reply();

        // When
        proxy.responseHeaders("10.0.0.1:8000", ":status", "200");
        proxy.responseBody("data: {}\n\n", false);

        // Then
        assertThat(proxy.reply().hasResponseHeaders()).isTrue();
        ProcessingResponse piece = proxy.reply();
        assertThat(
                        piece.getResponseBody()
                                .getResponse()
                                .getBodyMutation()
                                .getStreamedResponse()
                                .getBody()
                                .toStringUtf8())
                .isEqualTo("data: {}\n\n");
    }
}
