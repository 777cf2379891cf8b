package io.weir.resource.manifest;

import io.weir.resource.ObjectMeta;
import io.weir.resource.ReferenceGrant;

/** Reads ReferenceGrants. */
final class ReferenceGrantDecoder {

    private ReferenceGrantDecoder() {}

    static ReferenceGrant decode(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        return new ReferenceGrant(
                metadata,
                spec.list("from", 1, 16).stream().map(ReferenceGrantDecoder::from).toList(),
                spec.list("to", 1, 16).stream().map(ReferenceGrantDecoder::to).toList());
    }

    private static ReferenceGrant.From from(Fields from) {
        return new ReferenceGrant.From(
                from.text("group", TextRule.GROUP),
                from.text("kind", TextRule.KIND),
                from.text("namespace", TextRule.DNS_LABEL));
    }

    private static ReferenceGrant.To to(Fields to) {
        return new ReferenceGrant.To(
                to.text("group", TextRule.GROUP),
                to.text("kind", TextRule.KIND),
                to.optionalText("name", TextRule.OBJECT_NAME));
    }
}
