/** Tests of the gateway of a cluster against an API server over HTTP. */
@NullMarked
package io.weir.app.gateway;

import org.jspecify.annotations.NullMarked;
