package io.weir.config;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** Secrets for listeners. */
final class TestCertificates {

    /** Of test.example.com, for a hundred years. */
    private static final String CERTIFICATE =
            """
            -----BEGIN CERTIFICATE-----
            MIIBjDCCATOgAwIBAgIUdXjcVE7T6PsNzxRCKHh9nDqOmm0wCgYIKoZIzj0EAwIw
            GzEZMBcGA1UEAwwQdGVzdC5leGFtcGxlLmNvbTAgFw0yNjExMjEwOTU3MzdaGA8y
            MTI2MTAyODA5NTczN1owGzEZMBcGA1UEAwwQdGVzdC5leGFtcGxlLmNvbTBZMBMG
            ByqGSM49AgEGCCqGSM49AwEHA0IABHwBJ0OBPf37h8a6FOXU4V22u4Y3+2TNaZAj
            ETqY3L6z6pk7x18SF3SsiLFNAwSPHwM3msfOhEEnelEksrSBRv6jUzBRMB0GA1Ud
            DgQWBBR4dPirwtNJURnNfGbj2LVdXBvo3jAfBgNVHSMEGDAWgBR4dPirwtNJURnN
            fGbj2LVdXBvo3jAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIG71
            uWS/lPR5BpqUFXI8ZrgYWGv+YVPQQ+e2lAjVMfEgAiBCQLt/UokeAgkPYW9/wicb
            hcm0tn1IHcokJ0FKbqzRWA==
            -----END CERTIFICATE-----
            """;

    private TestCertificates() {}

    /** Returns a Secret with a certificate and some key. */
    static String secret(String name) {
        return """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s}
        type: kubernetes.io/tls
        stringData:
          tls.crt: |
        %s  tls.key: |
        %s\
        """
                .formatted(name, CERTIFICATE.indent(4), key().indent(4));
    }

    private static String key() {
        try {
            byte[] key =
                    KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate().getEncoded();
            String kind = "PRIVATE KEY";
            return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                    .formatted(kind, Base64.getMimeEncoder().encodeToString(key), kind);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
