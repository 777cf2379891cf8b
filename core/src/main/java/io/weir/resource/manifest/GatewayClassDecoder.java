package io.weir.resource.manifest;

import io.weir.resource.GatewayClass;
import io.weir.resource.ObjectMeta;

/** Reads GatewayClasses. */
final class GatewayClassDecoder {

    private GatewayClassDecoder() {}

    static GatewayClass decode(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        String controllerName = spec.text("controllerName", TextRule.CONTROLLER_NAME);
        spec.optionalText("description", TextRule.DESCRIPTION);
        spec.noEffect("parametersRef");
        return new GatewayClass(metadata, controllerName);
    }
}
