package io.weir.kubernetes.embedded;

import io.weir.kubernetes.embedded.http.Authentication;
import io.weir.kubernetes.embedded.http.User;
import io.weir.kubernetes.embedded.store.StorageException;
import io.weir.kubernetes.embedded.tls.Authority;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * Who may come in: whoever has one of two tokens, or a certificate of the authority. One token is
 * for doing everything, the other for looking; certificates of the group {@code system:masters} are
 * for everything, others for looking.
 */
final class Credentials implements Authentication {

    static final String ADMINS = "system:masters";

    private static final int TOKEN_BYTES = 32;

    private final Authority authority;
    private final String adminToken;
    private final String viewToken;

    Credentials(Authority authority, String adminToken, String viewToken) {
        this.authority = authority;
        this.adminToken = adminToken;
        this.viewToken = viewToken;
    }

    /** Makes credentials that nobody has had. */
    static Credentials create(InstantSource clock) throws GeneralSecurityException {
        return new Credentials(Authority.create(clock.instant()), newToken(), newToken());
    }

    /**
     * Reads the credentials of a directory, or makes some and keeps them there.
     *
     * @throws StorageException when the directory can't be read or written
     */
    static Credentials keptIn(Path directory, InstantSource clock) throws GeneralSecurityException {
        try {
            Path certificate = directory.resolve("ca.crt");
            if (Files.exists(certificate)) {
                return new Credentials(
                        Authority.ofPem(
                                Files.readString(certificate),
                                Files.readString(directory.resolve("ca.key"))),
                        Files.readString(directory.resolve("admin.token")).strip(),
                        Files.readString(directory.resolve("view.token")).strip());
            }
            Credentials made = create(clock);
            PrivateFiles.write(directory.resolve("ca.key"), made.authority.keyPem());
            PrivateFiles.write(directory.resolve("admin.token"), made.adminToken + "\n");
            PrivateFiles.write(directory.resolve("view.token"), made.viewToken + "\n");
            PrivateFiles.write(certificate, made.authority.certificatePem());
            return made;
        } catch (IOException e) {
            throw new StorageException(
                    "credentials: " + directory + " (expected: readable and writable): " + e, e);
        }
    }

    Authority authority() {
        return authority;
    }

    String adminToken() {
        return adminToken;
    }

    String viewToken() {
        return viewToken;
    }

    /** Returns the secret from which the tokens of service accounts are signed. */
    byte[] accountKey() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return digest.digest(
                    ("service accounts " + adminToken).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Optional<User> authenticate(String bearerToken, List<X509Certificate> certificates) {
        if (!bearerToken.isEmpty()) {
            return ofToken(bearerToken);
        }
        return certificates.isEmpty() ? Optional.empty() : ofCertificate(certificates.getFirst());
    }

    private Optional<User> ofToken(String token) {
        if (same(token, adminToken)) {
            return Optional.of(new User("weir-admin", List.of(ADMINS), true));
        }
        return same(token, viewToken)
                ? Optional.of(new User("weir-viewer", List.of(), false))
                : Optional.empty();
    }

    private static Optional<User> ofCertificate(X509Certificate certificate) {
        try {
            LdapName name = new LdapName(certificate.getSubjectX500Principal().getName());
            String user = "";
            List<String> groups = new ArrayList<>();
            for (var part : name.getRdns()) {
                switch (part.getType()) {
                    case "CN" -> user = part.getValue().toString();
                    case "O" -> groups.add(part.getValue().toString());
                    default -> {}
                }
            }
            return Optional.of(new User(user, groups, groups.contains(ADMINS)));
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    private static boolean same(String token, String expected) {
        return MessageDigest.isEqual(
                token.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }

    private static String newToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
