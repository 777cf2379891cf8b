package io.weir.extproc.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;

import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpTrailers;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProtocolConfiguration;
import io.weir.extproc.wire.HeaderNames;
import io.weir.picker.Endpoint;
import io.weir.picker.external.ExternalPicker.Responses;
import io.weir.picker.external.HeaderList;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/** Builds what a picker is sent. */
final class Messages {

    private Messages() {}

    static ProcessingRequest requestHead(
            HeaderList headers, Metadata candidates, boolean last, Responses responses) {
        return ProcessingRequest.newBuilder()
                .setRequestHeaders(head(headers, last))
                .setMetadataContext(candidates)
                .setProtocolConfig(
                        ProtocolConfiguration.newBuilder()
                                .setRequestBodyMode(BodySendMode.FULL_DUPLEX_STREAMED)
                                .setResponseBodyMode(
                                        responses == Responses.FULL
                                                ? BodySendMode.FULL_DUPLEX_STREAMED
                                                : BodySendMode.NONE))
                .build();
    }

    static ProcessingRequest requestBody(ByteBuffer piece, boolean last) {
        return ProcessingRequest.newBuilder().setRequestBody(body(piece, last)).build();
    }

    static ProcessingRequest requestTrailers(HeaderList trailers) {
        return ProcessingRequest.newBuilder().setRequestTrailers(trailers(trailers)).build();
    }

    static ProcessingRequest responseHead(HeaderList headers, Metadata served) {
        return ProcessingRequest.newBuilder()
                .setResponseHeaders(head(headers, false))
                .setMetadataContext(served)
                .build();
    }

    static ProcessingRequest responseBody(ByteBuffer piece, boolean last, Metadata served) {
        return ProcessingRequest.newBuilder()
                .setResponseBody(body(piece, last))
                .setMetadataContext(served)
                .build();
    }

    static ProcessingRequest responseTrailers(HeaderList trailers, Metadata served) {
        return ProcessingRequest.newBuilder()
                .setResponseTrailers(trailers(trailers))
                .setMetadataContext(served)
                .build();
    }

    /** Metadata that names the endpoints to choose from. */
    static Metadata subset(List<Endpoint> endpoints) {
        ListValue.Builder list = ListValue.newBuilder();
        for (Endpoint endpoint : endpoints) {
            list.addValues(Value.newBuilder().setStringValue(endpoint.authority()));
        }
        Value value = Value.newBuilder().setListValue(list).build();
        Struct fields = Struct.newBuilder().putFields(HeaderNames.SUBSET, value).build();
        return Metadata.newBuilder()
                .putFilterMetadata(HeaderNames.SUBSET_NAMESPACE, fields)
                .build();
    }

    /** Metadata that names the endpoint that answered. */
    static Metadata served(Endpoint endpoint) {
        Value value = Value.newBuilder().setStringValue(endpoint.authority()).build();
        Struct fields = Struct.newBuilder().putFields(HeaderNames.SERVED, value).build();
        return Metadata.newBuilder().putFilterMetadata(HeaderNames.LB_NAMESPACE, fields).build();
    }

    private static HttpHeaders head(HeaderList headers, boolean last) {
        return HttpHeaders.newBuilder().setHeaders(map(headers)).setEndOfStream(last).build();
    }

    private static HttpTrailers trailers(HeaderList trailers) {
        return HttpTrailers.newBuilder().setTrailers(map(trailers)).build();
    }

    private static HeaderMap map(HeaderList headers) {
        HeaderMap.Builder map = HeaderMap.newBuilder();
        headers.forEach((name, value) ->
                map.addHeaders(
                        HeaderValue.newBuilder()
                                .setKey(name.toLowerCase(Locale.ROOT))
                                .setRawValue(ByteString.copyFromUtf8(value))));
        return map.build();
    }

    private static HttpBody body(ByteBuffer piece, boolean last) {
        return HttpBody.newBuilder()
                .setBody(ByteString.copyFrom(piece))
                .setEndOfStream(last)
                .build();
    }
}
