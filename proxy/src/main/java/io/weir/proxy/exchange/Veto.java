package io.weir.proxy.exchange;

import io.weir.picker.external.PickerFailure.Cause;
import io.weir.picker.external.PickerListener;
import io.weir.picker.external.PickerReply;

/**
 * Hears a picker after its pick, until there is an answer to show to it: all that it may say then
 * is that it wants the request to be broken off.
 *
 * @param exchange the request
 */
record Veto(ExchangeServing exchange) implements PickerListener {

    @Override
    public void ready() {}

    @Override
    public void reply(PickerReply reply) {
        if (reply instanceof PickerReply.Answer answer) {
            exchange.overruled(ExternalPick.own(answer));
        }
    }

    @Override
    public void ended() {}

    @Override
    public void failed(Cause cause, String reason) {}
}
