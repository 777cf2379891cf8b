package io.weir.proxy.exchange;

import io.weir.body.BodyFacts;
import io.weir.body.OpenAiError;
import io.weir.config.Listener;
import io.weir.config.Server;
import io.weir.proxy.exchange.ExchangeState.Collecting;
import io.weir.proxy.exchange.ExchangeState.Picking;
import io.weir.routing.Backend;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** An exchange from its head to its endpoints, by way of its body when something depends on it. */
abstract sealed class ExchangeRouting extends ExchangeServing permits Exchange {

    ExchangeRouting(Worker worker, Server server, ClientInfo client, ClientStream stream) {
        super(worker, server, client, stream);
    }

    final void begin(IncomingRequest request) {
        Listener listener = server.listenerFor(request.host());
        if (listener == null) {
            answer(Answer.error(OpenAiError.notFound("Unknown host."), "no listener for the host"));
            return;
        }
        record.gateway = listener.gateway().toString();
        record.listener = listener.name();
        Answer models = worker.models().answer(listener, request);
        if (models != null) {
            answer(models);
        } else if (Routing.needsBody(listener, request)) {
            collect(request, listener, null);
        } else {
            route(request, listener, null);
        }
    }

    private void collect(
            IncomingRequest request, Listener listener, Routing.Result.@Nullable Found route) {
        Answer tooMuch = BodyReading.refusalOf(request.bodyBytes(), listener, worker);
        if (tooMuch != null) {
            answer(tooMuch);
            return;
        }
        BodyReading reading = new BodyReading(worker, request);
        Answer refusal = reading.refusal();
        if (refusal != null) {
            answer(refusal);
            return;
        }
        state = new Collecting(request, listener, reading, route);
        if (request.expectsContinue()) {
            stream.sendContinue();
        }
    }

    final void collected(Collecting collecting) {
        Answer refusal = collecting.reading().finish();
        if (refusal != null) {
            answer(refusal);
            return;
        }
        BodyFacts facts = collecting.reading().facts();
        if (facts != null) {
            record.model = facts.model();
        }
        if (collecting.route() == null) {
            route(collecting.request(), collecting.listener(), facts);
        } else {
            Routing.setDerivedHeaders(collecting.listener(), collecting.request(), facts);
            forward(collecting.request(), collecting.route(), facts);
        }
    }

    private void route(IncomingRequest request, Listener listener, @Nullable BodyFacts facts) {
        Routing.setDerivedHeaders(listener, request, facts);
        var origin = new Routing.Origin(client.scheme(), server.port());
        switch (Routing.route(listener, request, record.model, origin)) {
            case Routing.Result.Answered(var rule, Answer answer) -> {
                record.rule = rule;
                answer(answer);
            }
            case Routing.Result.Found found -> {
                record.rule = found.rule();
                boolean readByPicker = found.backend().backend() instanceof Backend.ToPool;
                if (readByPicker && request.hasBody() && !body.isComplete()) {
                    collect(request, listener, found);
                } else {
                    forward(request, found, facts);
                }
            }
        }
    }

    private void forward(
            IncomingRequest request, Routing.Result.Found route, @Nullable BodyFacts facts) {
        var preparation = new Preparation(worker, request, body, client, record);
        switch (preparation.prepare(route, facts)) {
            case Preparation.Result.Answered(Answer answer) -> answer(answer);
            case Preparation.Result.Ready(Forwarding forwarding, List<MirrorCopy> mirrors) -> {
                timers.limit(forwarding.rule(), record.receivedNanos);
                start(request.expectsContinue(), forwarding);
                mirrors.forEach(body::share);
            }
            case Preparation.Result.Asking(PendingPick pick, List<MirrorCopy> mirrors) -> {
                mirrors.forEach(body::share);
                timers.limit(pick.route().rule(), record.receivedNanos);
                state = new Picking(pick);
                pick.begin(this);
            }
        }
    }

    /** Called when a pick that took its time has come to an end. */
    final void picked(PendingPick pick, Preparation.Result result) {
        if (!(state instanceof Picking(PendingPick current)) || current != pick) {
            return;
        }
        switch (result) {
            case Preparation.Result.Answered(Answer answer) -> answer(answer);
            case Preparation.Result.Ready(Forwarding forwarding, _) -> start(false, forwarding);
            case Preparation.Result.Asking _ -> throw new IllegalStateException("picked twice");
        }
    }
}
