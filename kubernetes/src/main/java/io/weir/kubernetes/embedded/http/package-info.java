/**
 * The API over HTTP: paths, media types, discovery and the stream of a watch.
 *
 * <p>The server is the JDK's, with a virtual thread for each request, so that everything here reads
 * as straight code: a watch is a loop that waits for changes and writes them. {@code Router} finds
 * out what a path means, {@code Verbs} turns requests into calls of the engine, {@code Replies}
 * writes objects in the form that the client accepts (plain, as a table, metadata only). Whatever
 * goes wrong is an {@link io.weir.kubernetes.embedded.object.ApiError} and becomes a {@code Status}
 * object in one place.
 *
 * <p>Credentials are always required, but for the three health paths.
 */
@NullMarked
package io.weir.kubernetes.embedded.http;

import org.jspecify.annotations.NullMarked;
