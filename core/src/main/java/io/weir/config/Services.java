package io.weir.config;

import io.weir.collection.PersistentMap;
import io.weir.config.Question.ServicePort;
import io.weir.routing.Backend;

/**
 * Backends of Services that somebody asked for. Immutable.
 *
 * @param memos backends by port
 * @param readers ports by what was asked for them
 */
record Services(
        PersistentMap<ServicePort, Memo<ServicePort, Backend>> memos,
        Readers<ServicePort> readers) {

    static final Services NONE = new Services(PersistentMap.empty(), Readers.none());

    Services with(Memo<ServicePort, Backend> memo) {
        ServicePort port = memo.subject();
        Memo<ServicePort, Backend> before = memos.get(port);
        return new Services(
                memos.with(port, memo),
                readers.replaced(
                        port, before == null ? java.util.List.of() : before.reads(), memo.reads()));
    }

    Services without(ServicePort port) {
        Memo<ServicePort, Backend> before = memos.get(port);
        return before == null
                ? this
                : new Services(
                        memos.without(port),
                        readers.replaced(port, before.reads(), java.util.List.of()));
    }
}
