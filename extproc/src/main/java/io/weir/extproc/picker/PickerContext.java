package io.weir.extproc.picker;

import io.weir.extproc.wire.HeldBytes;
import io.weir.extproc.wire.IdleStreams;
import io.weir.telemetry.ExchangeObserver;

/**
 * What all streams of a service share.
 *
 * @param target the pool
 * @param options how requests are served
 * @param observer sees every finished request
 * @param held what bodies may hold together
 * @param reading streams whose body is not complete
 */
record PickerContext(
        PickerTarget target,
        PickerOptions options,
        ExchangeObserver observer,
        HeldBytes held,
        IdleStreams reading) {}
