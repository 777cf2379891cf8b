package io.weir.kubernetes.embedded.http;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Finds out who asks. Called for every request, in its thread. */
public interface Authentication {

    /**
     * Returns the user with these credentials; empty when they are wrong.
     *
     * @param bearerToken the token of the request; empty for none
     * @param certificates the client's certificate and its issuers, which the TLS layer has
     *     verified; empty for none
     */
    Optional<User> authenticate(String bearerToken, List<X509Certificate> certificates);
}
