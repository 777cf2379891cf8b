package io.weir.kubernetes.embedded.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes and signs X.509 version 3 certificates (RFC 5280) with ECDSA and SHA-256.
 *
 * @param issuer name of whoever signs
 * @param signer key of whoever signs
 * @param from when certificates begin to be valid
 * @param lifetime for how long they are
 */
record CertificateWriter(Name issuer, PrivateKey signer, Instant from, Duration lifetime) {

    private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    /**
     * A distinguished name.
     *
     * @param organisations may be empty
     */
    record Name(String commonName, List<String> organisations) {

        byte[] encoded() {
            List<byte[]> parts = new ArrayList<>();
            organisations.forEach(name -> parts.add(part("2.5.4.10", name)));
            parts.add(part("2.5.4.3", commonName));
            return Der.sequence(parts);
        }

        private static byte[] part(String oid, String value) {
            return Der.set(Der.sequence(Der.oid(oid), Der.utf8(value)));
        }
    }

    /** Returns a certificate that may sign others. */
    X509Certificate authority(Name subject, PublicKey key) throws GeneralSecurityException {
        byte[] constraints = Der.sequence(Der.bool(true));
        // keyCertSign and cRLSign: bits 5 and 6, one unused bit
        byte[] usage = Der.tagged(0x03, new byte[] {1, 0x06});
        return sign(
                subject,
                key,
                List.of(
                        extension("2.5.29.19", true, constraints),
                        extension("2.5.29.15", true, usage)));
    }

    /** Returns a certificate for a server. */
    X509Certificate server(
            Name subject, PublicKey key, List<String> names, List<InetAddress> addresses)
            throws GeneralSecurityException {
        List<byte[]> alternatives = new ArrayList<>();
        names.forEach(name ->
                alternatives.add(Der.implicit(2, name.getBytes(StandardCharsets.US_ASCII))));
        addresses.forEach(address -> alternatives.add(Der.implicit(7, address.getAddress())));
        return sign(
                subject,
                key,
                List.of(
                        extension("2.5.29.37", false, Der.sequence(Der.oid(SERVER_AUTH))),
                        extension("2.5.29.17", false, Der.sequence(alternatives))));
    }

    /** Returns a certificate for a user. */
    X509Certificate client(Name subject, PublicKey key) throws GeneralSecurityException {
        byte[] purpose = Der.sequence(Der.oid(CLIENT_AUTH));
        return sign(subject, key, List.of(extension("2.5.29.37", false, purpose)));
    }

    private X509Certificate sign(Name subject, PublicKey key, List<byte[]> extensions)
            throws GeneralSecurityException {
        byte[] body =
                Der.sequence(
                        Der.explicit(0, Der.integer(BigInteger.TWO)),
                        Der.integer(new BigInteger(120, new SecureRandom()).add(BigInteger.ONE)),
                        ECDSA_SHA256,
                        issuer.encoded(),
                        Der.sequence(Der.time(from), Der.time(from.plus(lifetime))),
                        subject.encoded(),
                        key.getEncoded(),
                        Der.explicit(3, Der.sequence(extensions)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(signer);
        signature.update(body);
        byte[] whole = Der.sequence(body, ECDSA_SHA256, Der.bits(signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(whole));
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }
}
