package io.weir.config;

import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.resource.ReferenceGrant;
import io.weir.resource.ReferenceGrant.From;
import io.weir.resource.ReferenceGrant.To;

/** Which references across namespaces are granted. */
final class Grants {

    private Grants() {}

    static boolean permit(ObjectSet objects, Question.Permitted asked) {
        From referrer = new From(asked.group(), asked.kind(), asked.namespace());
        return objects.inNamespace(ReferenceGrant.class, asked.to().namespace()).stream()
                .filter(grant -> grant.from().contains(referrer))
                .flatMap(grant -> grant.to().stream())
                .anyMatch(granted -> covers(granted, asked.to()));
    }

    private static boolean covers(To granted, ObjectKey target) {
        return granted.group().equals(target.group())
                && granted.kind().equals(target.kind())
                && (granted.name() == null || granted.name().equals(target.name()));
    }
}
