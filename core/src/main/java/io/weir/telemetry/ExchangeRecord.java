package io.weir.telemetry;

import io.weir.body.Usage;
import io.weir.picker.Endpoint;
import io.weir.picker.external.PickerFailure;
import io.weir.resource.ObjectKey;
import io.weir.routing.RouteRule;

import org.jspecify.annotations.Nullable;

/**
 * The timeline and outcome of one request. Filled by one event loop; times are {@link
 * System#nanoTime()} values, 0 when the request never came that far.
 */
public final class ExchangeRecord {

    public long receivedNanos;
    public long bodyReadNanos;
    public long pickedNanos;

    /** When a proxy that had asked was told where the request goes, and how. */
    public long repliedNanos;

    public long firstByteNanos;
    public long lastChunkNanos;
    public long endNanos;

    public String gateway = "";
    public String listener = "";
    public String method = "";
    public String path = "";
    public @Nullable String requestId;
    public @Nullable RequestTrace trace;
    public @Nullable RouteRule rule;
    public @Nullable ObjectKey pool;
    public @Nullable Endpoint endpoint;
    public @Nullable String model;
    public @Nullable String targetModel;
    public @Nullable ObjectKey rewrite;
    public int priority;
    public int status;
    public int attempts;
    public long requestBytes;
    public long responseBytes;
    public long streamEvents;
    public boolean streamed;
    public @Nullable Usage usage;
    public @Nullable PickerFailure pickerFailure;
    public @Nullable String error;
}
