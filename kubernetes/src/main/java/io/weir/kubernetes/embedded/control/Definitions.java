package io.weir.kubernetes.embedded.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.DefinedKinds;
import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.store.ObjectStore;
import io.weir.kubernetes.embedded.store.StoreEvent;
import io.weir.kubernetes.embedded.store.Stored;

/** Keeps the list of kinds in step with the definitions that are stored. */
public final class Definitions implements ObjectStore.Listener {

    private static final String RESOURCE = "customresourcedefinitions.apiextensions.k8s.io";

    private final Kinds kinds;

    private Definitions(Kinds kinds) {
        this.kinds = kinds;
    }

    /** Begins with the definitions that are stored already. */
    public static void follow(Kinds kinds, ObjectStore store) {
        Definitions definitions = new Definitions(kinds);
        for (Stored stored : store.listen(definitions)) {
            if (stored.key().resource().equals(RESOURCE)) {
                definitions.put(stored.object());
            }
        }
    }

    @Override
    public void changed(StoreEvent event) {
        if (!event.stored().key().resource().equals(RESOURCE)) {
            return;
        }
        switch (event.type()) {
            case ADDED, MODIFIED -> put(event.stored().object());
            case DELETED -> kinds.remove(DefinedKinds.resource(event.stored().object()));
        }
    }

    private void put(ObjectNode definition) {
        KindInfo kind = DefinedKinds.read(definition, kinds);
        if (!kind.versions().isEmpty()) {
            kinds.put(kind);
        }
    }
}
