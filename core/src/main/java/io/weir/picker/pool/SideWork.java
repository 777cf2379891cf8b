package io.weir.picker.pool;

import io.weir.picker.state.EndpointState;

/**
 * Work that an endpoint does for a request that another one answers, until the first byte comes.
 *
 * @param endpoint the endpoint, whose request was counted already
 * @param index its index in the pool
 * @param takesPrefill whether it reads the prompt
 * @param prefillTokens the prompt's tokens that it has to work out
 */
record SideWork(EndpointState endpoint, int index, boolean takesPrefill, long prefillTokens) {

    void begin() {
        endpoint.inFlight().addPrefillTokens(prefillTokens);
    }

    void end() {
        endpoint.inFlight().addPrefillTokens(-prefillTokens);
        endpoint.inFlight().removeRequest();
    }
}
