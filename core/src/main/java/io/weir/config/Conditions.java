package io.weir.config;

/** Types and reasons of conditions: Gateway API v1 and the Inference Extension. */
final class Conditions {

    static final String ACCEPTED = "Accepted";
    static final String PROGRAMMED = "Programmed";
    static final String RESOLVED_REFS = "ResolvedRefs";
    static final String CONFLICTED = "Conflicted";
    static final String PARTIALLY_INVALID = "PartiallyInvalid";
    static final String OVERLAPPED = "Overlapped";
    static final String READY = "Ready";

    static final String INVALID = "Invalid";
    static final String LISTENERS_NOT_VALID = "ListenersNotValid";
    static final String INVALID_PARAMETERS = "InvalidParameters";
    static final String ADDRESS_NOT_ASSIGNED = "AddressNotAssigned";
    static final String ADDRESS_NOT_USABLE = "AddressNotUsable";
    static final String UNSUPPORTED_ADDRESS = "UnsupportedAddress";
    static final String UNSUPPORTED_PROTOCOL = "UnsupportedProtocol";
    static final String HOSTNAME_CONFLICT = "HostnameConflict";
    static final String PROTOCOL_CONFLICT = "ProtocolConflict";
    static final String NO_CONFLICTS = "NoConflicts";
    static final String PORT_UNAVAILABLE = "PortUnavailable";
    static final String INVALID_ROUTE_KINDS = "InvalidRouteKinds";
    static final String INVALID_CERTIFICATE_REF = "InvalidCertificateRef";
    static final String REF_NOT_PERMITTED = "RefNotPermitted";

    static final String NO_MATCHING_PARENT = "NoMatchingParent";
    static final String NOT_ALLOWED_BY_LISTENERS = "NotAllowedByListeners";
    static final String NO_MATCHING_LISTENER_HOSTNAME = "NoMatchingListenerHostname";
    static final String UNSUPPORTED_VALUE = "UnsupportedValue";
    static final String INVALID_KIND = "InvalidKind";
    static final String BACKEND_NOT_FOUND = "BackendNotFound";

    static final String HTTP_ROUTE_NOT_ACCEPTED = "HTTPRouteNotAccepted";
    static final String NOT_SUPPORTED_BY_PARENT = "NotSupportedByParent";
    static final String INVALID_EXTENSION_REF = "InvalidExtensionRef";
    static final String POOL_NOT_FOUND = "PoolNotFound";
    static final String OLDER_OBJECT_WINS = "OlderObjectWins";
    static final String MODEL_NAME_IN_USE = "ModelNameInUse";
    static final String VALID = "Valid";
    static final String PARTIALLY_VALID = "PartiallyValid";
    static final String TARGET_NOT_FOUND = "TargetNotFound";
    static final String ENDPOINTS_READY = "EndpointsReady";
    static final String NO_ENDPOINTS_READY = "NoEndpointsReady";

    /** What is said of the appProtocol of pools whose servers speak HTTP/2 only. */
    static final String H2C_IS_NOT_SPOKEN = "kubernetes.io/h2c is not spoken yet (expected: http)";

    private Conditions() {}
}
