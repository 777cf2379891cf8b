package io.weir.picker.builtin;

import io.weir.picker.Endpoint;
import io.weir.picker.HeaderField;
import io.weir.picker.plugin.Chosen;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.ProfilePlan;

import java.util.function.Consumer;

/**
 * One profile that chooses among the ranks of data-parallel servers; requests go to a server's
 * primary port, with the rank's address in a header.
 *
 * @param primaryPort port that takes requests for all ranks of a server
 */
record DataParallelPlan(int primaryPort) implements ProfilePlan {

    private static final String RANK = "x-data-parallel-host-port";

    @Override
    public int primary(PickContext context) {
        return 0;
    }

    @Override
    public int next(PickContext context, int previous) {
        return previous == NONE ? 0 : NONE;
    }

    @Override
    public Endpoint destination(Endpoint chosen) {
        return chosen.port() == primaryPort
                ? chosen
                : new Endpoint(
                        chosen.name(),
                        chosen.podName(),
                        chosen.address(),
                        primaryPort,
                        chosen.labels(),
                        chosen.nodeAddress());
    }

    @Override
    public void requestHeaders(Chosen chosen, Consumer<HeaderField> headers) {
        headers.accept(new HeaderField(RANK, chosen.primary().authority()));
    }
}
