package io.weir.config;

import io.weir.resource.Secret;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.regex.Pattern;

/** Looks whether Secrets hold certificates. */
final class Certificates {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[^-]+-----END");

    private Certificates() {}

    /** Returns whether a Secret has a certificate and a key, both in PEM. */
    static boolean arePresent(Secret secret) {
        byte[] certificate = secret.data().get("tls.crt");
        byte[] key = secret.data().get("tls.key");
        return certificate != null && key != null && isCertificate(certificate) && isKey(key);
    }

    private static boolean isCertificate(byte[] pem) {
        try {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem))
                    .isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }

    private static boolean isKey(byte[] pem) {
        return KEY.matcher(new String(pem, StandardCharsets.ISO_8859_1)).find();
    }
}
