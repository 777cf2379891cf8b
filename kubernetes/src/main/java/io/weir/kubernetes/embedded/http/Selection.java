package io.weir.kubernetes.embedded.http;

import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.FieldSelector;
import io.weir.kubernetes.embedded.object.LabelSelector;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.store.Stored;

import java.util.HashSet;
import java.util.Set;

/**
 * Which objects of a kind a list, a watch or a collective deletion is about.
 *
 * @param namespace the namespace; empty for all
 * @param labels by labels
 * @param fields by fields
 */
record Selection(String namespace, LabelSelector labels, FieldSelector fields) {

    /** Reads the query. A name in the path narrows it to one object. */
    static Selection of(Call call, Served served, RequestPath path) {
        Set<String> selectable = new HashSet<>(served.version().selectable());
        selectable.add("metadata.name");
        selectable.add("metadata.namespace");
        String fields = call.parameter("fieldSelector");
        if (!path.name().isEmpty()) {
            String byName = "metadata.name=" + path.name();
            fields = fields.isEmpty() ? byName : fields + "," + byName;
        }
        return new Selection(
                path.namespace(),
                LabelSelector.parse(call.parameter("labelSelector")),
                FieldSelector.parse(fields, selectable));
    }

    boolean matches(Stored stored) {
        return (namespace.isEmpty() || namespace.equals(stored.key().namespace()))
                && labels.matches(Trees.labels(stored.object()))
                && fields.matches(stored.object());
    }
}
