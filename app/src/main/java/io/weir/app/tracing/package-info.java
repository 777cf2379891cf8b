/**
 * Traces of requests, told to a collector over OTLP.
 *
 * <p>{@link io.weir.app.tracing.Tracing} is opened with what the command line and the environment
 * say. Where neither asks for traces, nothing of OpenTelemetry is loaded and requests meet nothing
 * of this package. Where one does, the thread that serves a request makes its spans and puts them
 * into a bounded queue, or leaves them out when it is full; a virtual thread exports them.
 *
 * <p>Spans hold what the access log holds: no body, no header but the request's id, no query.
 */
@NullMarked
package io.weir.app.tracing;

import org.jspecify.annotations.NullMarked;
