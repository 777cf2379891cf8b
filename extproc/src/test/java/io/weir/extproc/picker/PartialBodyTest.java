package io.weir.extproc.picker;

import static io.weir.extproc.picker.ProtocolTable.ONE;
import static io.weir.extproc.picker.ProtocolTable.completion;
import static io.weir.extproc.picker.ProtocolTable.refused;
import static io.weir.extproc.picker.ProtocolTable.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.weir.extproc.picker.ProtocolTable.Row;
import io.weir.extproc.picker.ProtocolTable.Setup;
import io.weir.extproc.picker.ProtocolTable.Talk;
import io.weir.extproc.testing.ProxySide;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/**
 * Requests of which a proxy in the mode BUFFERED_PARTIAL sends no more than its buffer holds, in
 * one message; the rest of the body never comes.
 */
class PartialBodyTest {

    private static final String CUT_IN_THE_PROMPT = "{\"model\":\"m\",\"prompt\":\"once upon a";

    static Stream<Row> rows() {
        return Stream.of(
                row("a small body comes whole", ONE, passes(completion("m"), true)),
                row("a whole body that trailers end", ONE, passes(completion("m"), false)),
                row("a body that is cut in its prompt", ONE, passes(CUT_IN_THE_PROMPT, false)),
                row(
                        "a body that is cut right after its model",
                        ONE,
                        passes("{\"model\":\"m\"", false)),
                row(
                        "a whole body is rewritten, and its length left to the proxy",
                        ONE,
                        rewritten(completion("alias"), true, completion("rewritten"))),
                row(
                        "a body that is cut is rewritten where it names its model",
                        ONE,
                        rewritten(
                                "{\"model\":\"alias\",\"prompt\":\"once",
                                false,
                                "{\"model\":\"rewritten\",\"prompt\":\"once")),
                row("the cut comes before the model", ONE, unnamed("{\"prompt\":\"once upon a")),
                row("the cut goes through the model", ONE, unnamed("{\"model\":\"lla")),
                row(
                        "no rule adds a second model",
                        ONE,
                        Setup.USUAL.generic("other"),
                        unnamed("{\"prompt\":\"once upon a")),
                row(
                        "what is no JSON up to the cut",
                        ONE,
                        (proxy, rig) -> {
                            sent(proxy, "{\"model\":\"m\",,", false);
                            refused(
                                    proxy,
                                    400,
                                    "inference error: BadRequest - Request body is not valid JSON:"
                                            + " expected '\"' at byte 13");
                        }),
                row(
                        "an API that need not name a model",
                        ONE,
                        (proxy, rig) -> {
                            proxy.mode(BodySendMode.BUFFERED_PARTIAL);
                            proxy.requestHeaders(
                                    false,
                                    ":method",
                                    "POST",
                                    ":path",
                                    "/v1/own",
                                    "content-type",
                                    "application/json");
                            proxy.reply();
                            proxy.requestBody("{\"prompt\":\"once", false);
                            picked(proxy, rig);
                        }));
    }

    private static void sent(ProxySide proxy, String body, boolean endOfStream) throws Exception {
        proxy.mode(BodySendMode.BUFFERED_PARTIAL).chatHeaders();
        assertThat(proxy.reply().hasRequestHeaders()).isTrue();
        proxy.requestBody(body, endOfStream);
    }

    private static CommonResponse picked(ProxySide proxy, PickerRig rig) throws Exception {
        CommonResponse reply = proxy.reply().getRequestBody().getResponse();
        assertThat(ProxySide.set(reply.getHeaderMutation()))
                .containsEntry("x-gateway-destination-endpoint", rig.address(1))
                .doesNotContainKey("content-length");
        return reply;
    }

    private static Talk passes(String body, boolean endOfStream) {
        return (proxy, rig) -> {
            sent(proxy, body, endOfStream);
            assertThat(picked(proxy, rig).hasBodyMutation()).isFalse();
            assertThat(rig.service.heldBytes()).isZero();
        };
    }

    private static Talk rewritten(String body, boolean endOfStream, String expected) {
        return (proxy, rig) -> {
            sent(proxy, body, endOfStream);
            CommonResponse reply = picked(proxy, rig);
            assertThat(reply.getBodyMutation().getBody().toStringUtf8()).isEqualTo(expected);
            assertThat(reply.getHeaderMutation().getRemoveHeadersList()).contains("content-length");
        };
    }

    private static Talk unnamed(String body) {
        return (proxy, rig) -> {
            sent(proxy, body, false);
            refused(
                    proxy,
                    400,
                    "inference error: BadRequest - 'model' is not found in the first "
                            + body.length()
                            + " bytes of the request body, where the proxy cut it off");
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void holds(Row row) throws Exception {
        row.hold();
    }
}
