package io.weir.proxy.upstream;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;

/** Decodes answers; knows which of them answer a HEAD request and so have no body. */
final class ResponseDecoder extends HttpResponseDecoder {

    private boolean answersHead;

    ResponseDecoder(HttpDecoderConfig config) {
        super(config);
    }

    void answersHead(boolean head) {
        answersHead = head;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return answersHead || super.isContentAlwaysEmpty(message);
    }
}
