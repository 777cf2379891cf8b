package io.weir.kubernetes.embedded.http;

import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.store.Key;
import io.weir.kubernetes.embedded.store.ObjectStore;

/**
 * Tells users of kubectl where the objects are that they may have meant. kubectl remembers for
 * hours in which group a name was first found, and so may look into a group that has none.
 */
final class Namesakes {

    private final Kinds kinds;
    private final ObjectStore store;

    Namesakes(Kinds kinds, ObjectStore store) {
        this.kinds = kinds;
        this.store = store;
    }

    /**
     * Warns when another group has such objects: whoever looks at a list, and everybody whose list
     * is empty.
     */
    void warnOfList(Call call, KindInfo kind, String namespace, boolean empty) {
        if (!isForPeople(call) || (!empty && !isLook(call))) {
            return;
        }
        for (KindInfo other : kinds.namesakes(kind)) {
            if (!store.list(other.resource(), namespace).items().isEmpty()) {
                warn(call, kind, other);
            }
        }
    }

    /** Warns when an object is not there and another group has one of its name. */
    void warnOfObject(Call call, KindInfo kind, Key key) {
        if (!isForPeople(call)) {
            return;
        }
        for (KindInfo other : kinds.namesakes(kind)) {
            if (store.get(new Key(other.resource(), key.namespace(), key.name())).isPresent()) {
                warn(call, kind, other);
            }
        }
    }

    /** An apply looks for exactly the group that its manifest names. */
    private static boolean isForPeople(Call call) {
        String command = call.header("Kubectl-Command");
        return !command.isEmpty() && !command.endsWith(" apply") && !command.endsWith(" create");
    }

    private static boolean isLook(Call call) {
        return call.header("Kubectl-Command").equals("kubectl get");
    }

    private static void warn(Call call, KindInfo kind, KindInfo other) {
        call.warn(
                "this is about %s in %s; for those in %s write %s"
                        .formatted(kind.plural(), group(kind), group(other), other.resource()));
    }

    private static String group(KindInfo kind) {
        return kind.group().isEmpty() ? "the core group" : kind.group();
    }
}
