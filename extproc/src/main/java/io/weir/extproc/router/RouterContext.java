package io.weir.extproc.router;

import io.weir.extproc.wire.HeldBytes;
import io.weir.extproc.wire.IdleStreams;
import io.weir.model.BaseModels;
import io.weir.telemetry.ExchangeObserver;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/**
 * What all streams of a service share.
 *
 * @param baseModels the mapping in force; asked once for each request
 * @param observer counts what happens
 * @param requests sees every request; null when nobody wants to
 * @param options how requests are served
 * @param held what bodies may hold together
 * @param reading streams whose body is not complete
 */
record RouterContext(
        Supplier<BaseModels> baseModels,
        RouterObserver observer,
        @Nullable ExchangeObserver requests,
        RouterOptions options,
        HeldBytes held,
        IdleStreams reading) {}
