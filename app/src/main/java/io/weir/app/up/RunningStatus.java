package io.weir.app.up;

import io.weir.collection.PersistentMap;
import io.weir.config.Snapshot;
import io.weir.config.Status;
import io.weir.picker.Pickers;
import io.weir.proxy.BindFailure;
import io.weir.resource.ObjectKey;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Adds to statuses what only the running program knows. */
public final class RunningStatus implements UnaryOperator<PersistentMap<ObjectKey, Status>> {

    private final TargetModels targets;
    private final UnboundListeners listeners;

    /**
     * @param pickers know what endpoints serve
     * @param snapshot what is in force
     * @param unbound ports that could not be bound for it
     */
    public RunningStatus(
            Pickers pickers, Supplier<Snapshot> snapshot, Supplier<List<BindFailure>> unbound) {
        this.targets = new TargetModels(pickers, () -> snapshot.get().pools());
        this.listeners = new UnboundListeners(snapshot, unbound);
    }

    @Override
    public PersistentMap<ObjectKey, Status> apply(PersistentMap<ObjectKey, Status> statuses) {
        return targets.apply(listeners.apply(statuses));
    }
}
