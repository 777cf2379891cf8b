package io.weir.picker.external;

import io.weir.picker.Endpoint;

import java.nio.ByteBuffer;
import java.util.List;

/** A stream that leads nowhere. */
enum ClosedStream implements PickerStream {
    CLOSED;

    @Override
    public boolean isReady() {
        return false;
    }

    @Override
    public void requestHead(HeaderList headers, List<Endpoint> candidates, boolean last) {}

    @Override
    public void requestBody(ByteBuffer piece, boolean last) {}

    @Override
    public void requestTrailers(HeaderList trailers) {}

    @Override
    public void responseHead(HeaderList headers, Endpoint served) {}

    @Override
    public void responseBody(ByteBuffer piece, boolean last) {}

    @Override
    public void responseTrailers(HeaderList trailers) {}

    @Override
    public void pauseReading(boolean pause) {}

    @Override
    public void finish() {}

    @Override
    public void cancel(String reason) {}
}
