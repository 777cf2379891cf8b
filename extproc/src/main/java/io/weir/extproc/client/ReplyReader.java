package io.weir.extproc.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.HeaderSendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import io.weir.extproc.wire.HeaderNames;
import io.weir.picker.external.BodyChange;
import io.weir.picker.external.ExternalPicker.Responses;
import io.weir.picker.external.HeaderChange;
import io.weir.picker.external.HeaderChange.Kind;
import io.weir.picker.external.PickerReply;
import io.weir.picker.external.PickerReply.Side;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads what a picker says. */
final class ReplyReader {

    private static final int OK = 200;

    private ReplyReader() {}

    /** Returns the reply; null when the message says nothing that is known. */
    static @Nullable PickerReply read(ProcessingResponse message) {
        return switch (message.getResponseCase()) {
            case REQUEST_HEADERS ->
                    head(Side.REQUEST, message, message.getRequestHeaders().getResponse());
            case RESPONSE_HEADERS ->
                    head(Side.RESPONSE, message, message.getResponseHeaders().getResponse());
            case REQUEST_BODY ->
                    body(Side.REQUEST, message, message.getRequestBody().getResponse());
            case RESPONSE_BODY ->
                    body(Side.RESPONSE, message, message.getResponseBody().getResponse());
            case REQUEST_TRAILERS ->
                    new PickerReply.Trailers(
                            Side.REQUEST,
                            changes(message.getRequestTrailers().getHeaderMutation()));
            case RESPONSE_TRAILERS ->
                    new PickerReply.Trailers(
                            Side.RESPONSE,
                            changes(message.getResponseTrailers().getHeaderMutation()));
            case IMMEDIATE_RESPONSE -> answer(message.getImmediateResponse());
            default -> message.hasOverrideMessageTimeout() ? PickerReply.Working.WORKING : null;
        };
    }

    private static PickerReply head(Side side, ProcessingResponse message, CommonResponse common) {
        boolean replaces = common.getStatus() == CommonResponse.ResponseStatus.CONTINUE_AND_REPLACE;
        return new PickerReply.Head(
                side,
                changes(common.getHeaderMutation()),
                replaces ? replaced(common.getBodyMutation()) : BodyChange.Unchanged.UNCHANGED,
                destination(message.getDynamicMetadata()),
                message.hasModeOverride() ? responses(message.getModeOverride()) : null);
    }

    private static PickerReply body(Side side, ProcessingResponse message, CommonResponse common) {
        BodyMutation mutation = common.getBodyMutation();
        BodyChange change =
                switch (mutation.getMutationCase()) {
                    case BODY -> replaced(mutation);
                    case CLEAR_BODY ->
                            mutation.getClearBody()
                                    ? replaced(mutation)
                                    : BodyChange.Unchanged.UNCHANGED;
                    case STREAMED_RESPONSE -> streamed(mutation.getStreamedResponse());
                    case MUTATION_NOT_SET -> BodyChange.Unchanged.UNCHANGED;
                };
        return new PickerReply.Body(
                side,
                changes(common.getHeaderMutation()),
                change,
                destination(message.getDynamicMetadata()));
    }

    private static BodyChange replaced(BodyMutation mutation) {
        return new BodyChange.Replaced(mutation.getBody().asReadOnlyByteBuffer());
    }

    private static BodyChange streamed(StreamedBodyResponse piece) {
        return new BodyChange.Streamed(
                piece.getBody().asReadOnlyByteBuffer(), piece.getEndOfStream());
    }

    private static PickerReply answer(ImmediateResponse immediate) {
        int status = immediate.getStatus().getCodeValue();
        return new PickerReply.Answer(
                status == 0 ? OK : status,
                changes(immediate.getHeaders()),
                immediate.getBody().asReadOnlyByteBuffer(),
                immediate.getDetails());
    }

    /** Removals come first, as in the reference data plane. */
    private static List<HeaderChange> changes(HeaderMutation mutation) {
        int count = mutation.getSetHeadersCount() + mutation.getRemoveHeadersCount();
        if (count == 0) {
            return List.of();
        }
        List<HeaderChange> changes = new ArrayList<>(count);
        for (String name : mutation.getRemoveHeadersList()) {
            changes.add(new HeaderChange(name.toLowerCase(Locale.ROOT), "", Kind.REMOVE));
        }
        for (HeaderValueOption option : mutation.getSetHeadersList()) {
            HeaderValue header = option.getHeader();
            ByteString raw = header.getRawValue();
            changes.add(
                    new HeaderChange(
                            header.getKey().toLowerCase(Locale.ROOT),
                            raw.isEmpty() ? header.getValue() : raw.toStringUtf8(),
                            kind(option)));
        }
        return changes;
    }

    /**
     * Pickers that say nothing mean to overwrite: the reference data plane looks at the old field
     * alone, and the new one's default can't be told from its absence.
     */
    @SuppressWarnings("deprecation")
    private static Kind kind(HeaderValueOption option) {
        if (option.getAppend().getValue()) {
            return Kind.ADD;
        }
        return switch (option.getAppendAction()) {
            case ADD_IF_ABSENT -> Kind.SET_IF_ABSENT;
            case OVERWRITE_IF_EXISTS -> Kind.SET_IF_PRESENT;
            default -> Kind.SET;
        };
    }

    private static @Nullable String destination(Struct metadata) {
        Value namespace = metadata.getFieldsMap().get(HeaderNames.LB_NAMESPACE);
        Value value =
                namespace == null
                        ? null
                        : namespace.getStructValue().getFieldsMap().get(HeaderNames.DESTINATION);
        return value == null ? null : value.getStringValue();
    }

    private static Responses responses(ProcessingMode mode) {
        if (mode.getResponseHeaderMode() == HeaderSendMode.SKIP) {
            return Responses.NONE;
        }
        return mode.getResponseBodyMode() == BodySendMode.NONE ? Responses.HEADERS : Responses.FULL;
    }
}
