package io.weir.extproc.router;

import io.weir.extproc.wire.HeldBytes;
import io.weir.extproc.wire.IdleStreams;
import io.weir.model.BaseModels;

import java.util.function.Supplier;

/**
 * What all streams of a service share.
 *
 * @param baseModels the mapping in force; asked once for each request
 * @param observer counts what happens
 * @param options how requests are served
 * @param held what bodies may hold together
 * @param reading streams whose body is not complete
 */
record RouterContext(
        Supplier<BaseModels> baseModels,
        RouterObserver observer,
        RouterOptions options,
        HeldBytes held,
        IdleStreams reading) {}
