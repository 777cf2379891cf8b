/**
 * The client's side of the endpoint picker protocol: asks pickers that run elsewhere.
 *
 * <p>{@link io.weir.extproc.client.ExtProcPickers} keeps one HTTP/2 channel for each picker Service
 * and way of speaking to it; streams are spread over the Service's endpoints in turn. One stream is
 * one request. A stream's calls are made on the executor that it was opened with, and gRPC calls
 * back on the same one, so that an event loop hears its picker without a lock or a hand-over.
 */
@NullMarked
package io.weir.extproc.client;

import org.jspecify.annotations.NullMarked;
