package io.weir.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate with its key.
 *
 * @param chain the certificate of the key first
 * @param key its private key
 */
public record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {

    private static final Pattern KEY =
            Pattern.compile(
                    "-----BEGIN (RSA |EC )?PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END",
                    Pattern.MULTILINE);
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    public TlsIdentity {
        chain = List.copyOf(chain);
    }

    /**
     * Reads PEM texts, as in the {@code tls.crt} and {@code tls.key} of a Kubernetes Secret.
     *
     * @throws GeneralSecurityException when one is not what it should be, or they do not belong
     *     together
     */
    public static TlsIdentity ofPem(byte[] certificates, byte[] key)
            throws GeneralSecurityException {
        List<X509Certificate> chain =
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(certificates))
                        .stream()
                        .map(X509Certificate.class::cast)
                        .toList();
        if (chain.isEmpty()) {
            throw new GeneralSecurityException("no certificate (expected: PEM certificates)");
        }
        PublicKey owner = chain.getFirst().getPublicKey();
        PrivateKey read = key(new String(key, StandardCharsets.US_ASCII), owner);
        String algorithm = owner.getAlgorithm();
        if (!read.getAlgorithm().equals(algorithm)) {
            throw new GeneralSecurityException(
                    read.getAlgorithm()
                            + " key (expected: that of the "
                            + algorithm
                            + " certificate)");
        }
        return new TlsIdentity(chain, read);
    }

    private static PrivateKey key(String pem, PublicKey owner) throws GeneralSecurityException {
        Matcher found = KEY.matcher(pem);
        if (!found.find()) {
            throw new GeneralSecurityException("no private key (expected: an unencrypted PEM key)");
        }
        byte[] der = Base64.getMimeDecoder().decode(found.group(2));
        return pkcs8(found.group(1) == null ? der : framed(der, owner));
    }

    /** Reads a key in the form of PKCS #8. */
    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                // Of another algorithm.
            }
        }
        throw new GeneralSecurityException("a key of no kind of " + ALGORITHMS);
    }

    /**
     * Puts the older forms of keys, PKCS #1 and SEC 1, into the frame of PKCS #8 (RFC 5208): the
     * algorithm with its parameters is that of the public key.
     */
    private static byte[] framed(byte[] key, PublicKey owner) {
        byte[] info = owner.getEncoded();
        byte[] rest = Arrays.copyOfRange(info, head(info, 0), info.length);
        byte[] algorithm = Arrays.copyOf(rest, head(rest, 0) + length(rest, 0));
        byte[] version = {0x02, 0x01, 0x00};
        return tagged(0x30, joined(version, algorithm, tagged(0x04, key)));
    }

    /** Returns how many bytes tag and length of a DER element take. */
    private static int head(byte[] der, int at) {
        return der[at + 1] >= 0 ? 2 : 2 + (der[at + 1] & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int length = der[at + 1] >= 0 ? der[at + 1] : 0;
        for (int i = 2; i < head(der, at); i++) {
            length = length << 8 | (der[at + i] & 0xff);
        }
        return length;
    }

    private static byte[] tagged(int tag, byte[] content) {
        int length = content.length;
        byte[] head = {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return joined(head, content);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "TlsIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
