package io.weir.config;

import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.resource.ReferenceGrant;
import io.weir.resource.ReferenceGrant.From;
import io.weir.resource.ReferenceGrant.To;
import io.weir.resource.Resource;

/** Which references across namespaces are granted. */
final class Grants {

    private final ObjectSet objects;

    Grants(ObjectSet objects) {
        this.objects = objects;
    }

    /** Returns whether an object may refer to another; within a namespace it always may. */
    boolean permit(Resource from, ObjectKey to) {
        String namespace = from.metadata().namespace();
        if (namespace.equals(to.namespace())) {
            return true;
        }
        From referrer = new From(from.group(), from.kind(), namespace);
        return objects.inNamespace(ReferenceGrant.class, to.namespace()).stream()
                .filter(grant -> grant.from().contains(referrer))
                .flatMap(grant -> grant.to().stream())
                .anyMatch(granted -> covers(granted, to));
    }

    private static boolean covers(To granted, ObjectKey target) {
        return granted.group().equals(target.group())
                && granted.kind().equals(target.kind())
                && (granted.name() == null || granted.name().equals(target.name()));
    }
}
