package io.weir.proxy.exchange;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.weir.body.BodyFacts;
import io.weir.body.ByteRange;
import io.weir.body.OpenAiError;
import io.weir.picker.external.BodyChange;
import io.weir.picker.external.ExternalPicker;
import io.weir.picker.external.ExternalPicker.Responses;
import io.weir.picker.external.HeaderChange;
import io.weir.picker.external.HeaderList;
import io.weir.picker.external.PickerFailure;
import io.weir.picker.external.PickerFailure.Cause;
import io.weir.picker.external.PickerFailure.Effect;
import io.weir.picker.external.PickerListener;
import io.weir.picker.external.PickerReply;
import io.weir.picker.external.PickerReply.Side;
import io.weir.picker.external.PickerStream;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Asks an external picker for the endpoints of a request whose body is held, and does to the
 * request what the picker says.
 *
 * <p>Head, body and trailers are sent without waiting for replies. The pick is done when the head
 * was answered, and the body, and the trailers, in whatever order. A body is answered by the bytes
 * to send in its place, or by one reply without bytes for each piece: then it stays as it is.
 *
 * <p>The held body stays as it came until the pick is done, so that the request is whole when the
 * picker fails in the middle.
 */
final class ExternalPick implements PendingPick, PickerListener {

    private static final int PIECE_BYTES = 62_000;
    private static final String DESTINATION = "x-gateway-destination-endpoint";
    private static final String PATH = ":path";

    private final Preparation preparation;
    private final Target.Elsewhere target;
    private final ExternalPicker picker;
    private final Routing.Result.Found route;
    private final @Nullable BodyFacts facts;
    private final String uri;
    private final @Nullable String origin;
    private final RequestBody body;
    private final PickedBody picked;
    private final List<HeaderChange> changes = new ArrayList<>();
    private @Nullable ExchangeRouting exchange;
    private @Nullable PickerSession session;
    private @Nullable String destination;
    private Responses responses;
    private long sentBytes;
    private long keptBytes;
    private boolean bodySent;
    private boolean headDone;
    private boolean bodyDone;
    private boolean trailersDone;
    private boolean over;

    ExternalPick(
            Preparation preparation,
            Target.Elsewhere target,
            Routing.Result.Found route,
            @Nullable BodyFacts facts,
            String uri,
            @Nullable String origin) {
        this.preparation = preparation;
        this.target = target;
        this.picker = target.picker();
        this.route = route;
        this.facts = facts;
        this.uri = uri;
        this.origin = origin;
        this.body = preparation.body();
        this.picked = new PickedBody(preparation.worker(), body);
        this.responses = picker.responses();
        boolean hasBody = preparation.request().hasBody();
        this.bodySent = !hasBody;
        this.bodyDone = !hasBody;
        this.trailersDone = !hasTrailers();
    }

    private boolean hasTrailers() {
        return preparation.request().hasBody() && !body.trailers().isEmpty();
    }

    @Override
    public Routing.Result.Found route() {
        return route;
    }

    @Override
    public void begin(ExchangeRouting asker) {
        exchange = asker;
        session = new PickerSession(preparation.worker(), picker, this);
        PickerStream stream = session.stream();
        TracedHeaders.passOn(preparation.record(), preparation.request().headers());
        boolean last = bodyDone && trailersDone;
        stream.requestHead(this::forEachHeader, target.pool().endpoints(), last);
        session.expectReply(true);
        ready();
    }

    private void forEachHeader(BiConsumer<String, String> sink) {
        IncomingRequest request = preparation.request();
        sink.accept(":method", request.method());
        sink.accept(PATH, uri);
        sink.accept(":scheme", preparation.client().scheme());
        sink.accept(":authority", request.authority());
        for (Map.Entry<String, String> header : request.headers()) {
            if (!header.getKey().equalsIgnoreCase("host")) {
                sink.accept(header.getKey(), header.getValue());
            }
        }
    }

    @Override
    public void cancel(String reason) {
        if (!over) {
            over = true;
            picked.release();
            if (session != null) {
                session.cancel(reason);
            }
        }
    }

    // What the picker is told.

    @Override
    public void ready() {
        while (!over && !bodySent && session != null && session.stream().isReady()) {
            sendPiece(session.stream());
        }
    }

    private void sendPiece(PickerStream stream) {
        long end = Math.min(sentBytes + PIECE_BYTES, body.bytes());
        boolean last = end == body.bytes();
        stream.requestBody(bytes(sentBytes, end), last && trailersDone);
        sentBytes = end;
        bodySent = last;
        if (last && !trailersDone) {
            HeaderList trailers =
                    sink ->
                            body.trailers()
                                    .forEach(trailer ->
                                            sink.accept(trailer.getKey(), trailer.getValue()));
            stream.requestTrailers(trailers);
        }
    }

    private ByteBuffer bytes(long start, long end) {
        List<ByteBuffer> views = body.views(List.of(new ByteRange(start, end)));
        if (views.size() == 1) {
            return views.getFirst();
        }
        ByteBuffer joined = ByteBuffer.allocate((int) (end - start));
        views.forEach(joined::put);
        return joined.flip();
    }

    // What the picker says.

    @Override
    public void reply(PickerReply reply) {
        if (over) {
            return;
        }
        switch (reply) {
            case PickerReply.Head head -> head(head);
            case PickerReply.Body piece -> body(piece);
            case PickerReply.Trailers trailers -> trailers(trailers);
            case PickerReply.Answer answer -> end(new Preparation.Result.Answered(own(answer)));
            case PickerReply.Working _ -> {}
        }
        if (!over && session != null) {
            session.expectReply(true);
            completeWhenDone();
        }
    }

    private void head(PickerReply.Head head) {
        if (head.side() != Side.REQUEST || headDone) {
            failed(Cause.INVALID, "the picker answered a head that was not sent");
            return;
        }
        headDone = true;
        changes.addAll(head.changes());
        learn(head.destination());
        responses = head.responses() == null ? responses : head.responses();
        if (head.body() instanceof BodyChange.Replaced(ByteBuffer bytes)) {
            picked.restart();
            keep(picked.add(bytes));
            bodySent = true;
            bodyDone = true;
        }
    }

    private void body(PickerReply.Body piece) {
        if (piece.side() != Side.REQUEST) {
            failed(Cause.INVALID, "the picker answered a response that was not sent");
            return;
        }
        changes.addAll(piece.changes());
        learn(piece.destination());
        switch (piece.body()) {
            case BodyChange.Unchanged _ -> {
                long end = nextKept();
                keep(picked.keep(keptBytes, end));
                answered(end);
            }
            case BodyChange.Replaced(ByteBuffer bytes) -> {
                keep(picked.add(bytes));
                answered(nextKept());
            }
            case BodyChange.Streamed(ByteBuffer bytes, boolean last) -> {
                keep(picked.add(bytes));
                bodyDone |= last;
            }
        }
    }

    private long nextKept() {
        return Math.min(keptBytes + PIECE_BYTES, sentBytes);
    }

    private void answered(long end) {
        keptBytes = end;
        bodyDone |= bodySent && keptBytes == body.bytes();
    }

    private void keep(boolean room) {
        if (!room) {
            failed(Cause.INVALID, "the picker's body is too large");
        }
    }

    private void trailers(PickerReply.Trailers trailers) {
        if (trailers.side() != Side.REQUEST || trailersDone) {
            failed(Cause.INVALID, "the picker answered trailers that were not sent");
            return;
        }
        HeaderChanges.apply(trailers.changes(), body.trailers());
        trailersDone = true;
        bodyDone = true;
    }

    private void learn(@Nullable String named) {
        destination = named == null ? destination : named;
    }

    static Answer own(PickerReply.Answer answer) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        HeaderChanges.apply(answer.headers(), headers);
        byte[] bytes = new byte[answer.body().remaining()];
        answer.body().get(bytes);
        boolean valid = answer.status() >= 200 && answer.status() <= 599;
        String details = answer.details().isEmpty() ? "answered by the picker" : answer.details();
        return new Answer(valid ? answer.status() : 500, headers, bytes, details);
    }

    /** A picker that has nothing more to say leaves what it did not mention as it is. */
    @Override
    public void ended() {
        if (over) {
            return;
        }
        if (headDone && !bodyDone && !picked.hasChanged()) {
            picked.restart();
            picked.keep(0, body.bytes());
            bodyDone = true;
        }
        trailersDone |= bodyDone;
        if (headDone && bodyDone) {
            complete();
        } else {
            failed(Cause.BROKEN, "the picker ended the stream without an answer");
        }
    }

    // What comes of it.

    private void completeWhenDone() {
        if (headDone && bodyDone && trailersDone) {
            complete();
        }
    }

    private void complete() {
        String header = HeaderChanges.valueOf(changes, DESTINATION);
        if (header != null && destination != null && !header.equals(destination)) {
            failed(Cause.INVALID, "the picker's header and metadata name different endpoints");
            return;
        }
        String named = destination == null ? header : destination;
        if (named == null) {
            failed(Cause.INVALID, "the picker named no endpoint");
            return;
        }
        ListedEndpoints endpoints = ListedEndpoints.of(named, target.pool().endpoints());
        if (endpoints == null) {
            failed(Cause.INVALID, "the picker named no endpoint of the pool: " + named);
        } else {
            proceed(endpoints);
        }
    }

    private void proceed(ListedEndpoints endpoints) {
        over = true;
        HeaderChanges.apply(changes, preparation.request().headers());
        if (preparation.request().hasBody() || picked.hasChanged()) {
            picked.settle();
        }
        String path = HeaderChanges.valueOf(changes, PATH);
        boolean usable = path != null && path.startsWith("/") && path.indexOf(' ') < 0;
        Target.Endpoints found = new Target.Endpoints(endpoints, null, true);
        Forwarding.ResponsePicker last = responsePicker();
        tell(
                new Preparation.Result.Ready(
                        preparation.ready(
                                route, found, usable && path != null ? path : uri, origin, last),
                        List.of()));
    }

    private Forwarding.@Nullable ResponsePicker responsePicker() {
        if (session == null || session.isOver()) {
            return null;
        }
        if (responses == Responses.NONE) {
            session.finish();
            return null;
        }
        session.expectReply(false);
        session.heardBy(exchange == null ? null : new Veto(exchange));
        return new Forwarding.ResponsePicker(session, responses);
    }

    @Override
    public void failed(Cause cause, String reason) {
        if (over) {
            return;
        }
        Effect effect = picker.failOpen() ? Effect.OPENED : Effect.REFUSED;
        preparation.record().pickerFailure = new PickerFailure(cause, effect, reason);
        if (!picker.failOpen()) {
            end(new Preparation.Result.Answered(unavailable(reason)));
            return;
        }
        cancel(reason);
        switch (target.anyone(facts, preparation.record())) {
            case Target.Endpoints found ->
                    tell(
                            new Preparation.Result.Ready(
                                    preparation.ready(route, found, uri, origin, null), List.of()));
            case Target.Answered(Answer answer) -> tell(new Preparation.Result.Answered(answer));
            case Target.Elsewhere _, Target.Waiting _ ->
                    throw new IllegalStateException("asked already");
        }
    }

    private static Answer unavailable(String reason) {
        String message = "No model server could be chosen.";
        return Answer.error(OpenAiError.noEndpoints(message), reason);
    }

    private void end(Preparation.Result result) {
        cancel("the request was answered");
        tell(result);
    }

    private void tell(Preparation.Result result) {
        preparation.record().pickedNanos = preparation.worker().now();
        if (exchange != null) {
            exchange.picked(this, result);
        }
    }
}
