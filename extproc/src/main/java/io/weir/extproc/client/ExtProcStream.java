package io.weir.extproc.client;

import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.ClientCall;
import io.grpc.Status;
import io.weir.picker.Endpoint;
import io.weir.picker.external.ExternalPicker.Responses;
import io.weir.picker.external.HeaderList;
import io.weir.picker.external.PickerFailure.Cause;
import io.weir.picker.external.PickerListener;
import io.weir.picker.external.PickerReply;
import io.weir.picker.external.PickerStream;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * One stream. Replies are asked for one by one, so that a client that reads slowly stops the
 * picker, too.
 */
final class ExtProcStream extends ClientCall.Listener<ProcessingResponse> implements PickerStream {

    private final @Nullable ClientCall<ProcessingRequest, ProcessingResponse> call;
    private final Function<List<Endpoint>, Metadata> subsets;
    private final Responses responses;
    private final PickerListener listener;
    private Metadata served = Metadata.getDefaultInstance();
    private boolean connected;
    private boolean over;
    private boolean finished;
    private boolean paused;
    private boolean due;

    private ExtProcStream(
            @Nullable ClientCall<ProcessingRequest, ProcessingResponse> call,
            Function<List<Endpoint>, Metadata> subsets,
            Responses responses,
            PickerListener listener) {
        this.call = call;
        this.subsets = subsets;
        this.responses = responses;
        this.listener = listener;
    }

    static ExtProcStream start(
            ClientCall<ProcessingRequest, ProcessingResponse> call,
            Function<List<Endpoint>, Metadata> subsets,
            Responses responses,
            PickerListener listener) {
        ExtProcStream stream = new ExtProcStream(call, subsets, responses, listener);
        call.start(stream, new io.grpc.Metadata());
        call.request(1);
        return stream;
    }

    /** Returns a stream that fails at once. */
    static ExtProcStream broken(Executor loop, PickerListener listener, String reason) {
        ExtProcStream stream =
                new ExtProcStream(
                        null, _ -> Metadata.getDefaultInstance(), Responses.NONE, listener);
        loop.execute(() -> stream.failed(Cause.UNREACHABLE, reason));
        return stream;
    }

    // What is said to the picker.

    @Override
    public boolean isReady() {
        return call != null && !over && call.isReady();
    }

    @Override
    public void requestHead(HeaderList headers, List<Endpoint> candidates, boolean last) {
        send(Messages.requestHead(headers, subsets.apply(candidates), last, responses));
    }

    @Override
    public void requestBody(ByteBuffer piece, boolean last) {
        send(Messages.requestBody(piece, last));
    }

    @Override
    public void requestTrailers(HeaderList trailers) {
        send(Messages.requestTrailers(trailers));
    }

    @Override
    public void responseHead(HeaderList headers, Endpoint endpoint) {
        served = Messages.served(endpoint);
        send(Messages.responseHead(headers, served));
    }

    @Override
    public void responseBody(ByteBuffer piece, boolean last) {
        send(Messages.responseBody(piece, last, served));
    }

    @Override
    public void responseTrailers(HeaderList trailers) {
        send(Messages.responseTrailers(trailers, served));
    }

    private void send(ProcessingRequest message) {
        if (call != null && !over && !finished) {
            call.sendMessage(message);
        }
    }

    @Override
    public void pauseReading(boolean pause) {
        paused = pause;
        if (!pause && due && !over && call != null) {
            due = false;
            call.request(1);
        }
    }

    @Override
    public void finish() {
        if (call != null && !over && !finished) {
            finished = true;
            call.halfClose();
        }
    }

    @Override
    public void cancel(String reason) {
        if (!over) {
            over = true;
            if (call != null) {
                call.cancel(reason, null);
            }
        }
    }

    // What the picker says.

    @Override
    public void onReady() {
        connected = true;
        if (!over) {
            listener.ready();
        }
    }

    @Override
    public void onMessage(ProcessingResponse message) {
        if (over) {
            return;
        }
        PickerReply reply = ReplyReader.read(message);
        if (reply == null) {
            cancelAndFail("the picker's reply says nothing that is known");
            return;
        }
        listener.reply(reply);
        if (paused) {
            due = true;
        } else if (!over && call != null) {
            call.request(1);
        }
    }

    private void cancelAndFail(String reason) {
        if (call != null) {
            call.cancel(reason, null);
        }
        failed(Cause.INVALID, reason);
    }

    private void failed(Cause cause, String reason) {
        if (!over) {
            over = true;
            listener.failed(cause, reason);
        }
    }

    @Override
    public void onClose(Status status, io.grpc.Metadata trailers) {
        if (over) {
            return;
        }
        if (!status.isOk()) {
            failed(
                    connected ? Cause.BROKEN : Cause.UNREACHABLE,
                    status.getCode() + ": " + status.getDescription());
            return;
        }
        over = true;
        listener.ended();
    }
}
