package io.weir.extproc.wire;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;

/**
 * Header changes of a reply. A header that is set replaces the one that the request had.
 *
 * <p>Used by one thread.
 */
public final class Changes {

    private final HeaderMutation.Builder mutation = HeaderMutation.newBuilder();

    /** Sets a header. */
    public Changes set(String name, String value) {
        mutation.addSetHeaders(
                HeaderValueOption.newBuilder()
                        .setHeader(
                                HeaderValue.newBuilder()
                                        .setKey(name)
                                        .setRawValue(ByteString.copyFromUtf8(value)))
                        .setAppendAction(
                                HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD));
        return this;
    }

    /** Removes a header. */
    public Changes remove(String name) {
        mutation.addRemoveHeaders(name);
        return this;
    }

    /** Returns whether nothing changes. */
    public boolean isEmpty() {
        return mutation.getSetHeadersCount() == 0 && mutation.getRemoveHeadersCount() == 0;
    }

    HeaderMutation build() {
        return mutation.build();
    }
}
