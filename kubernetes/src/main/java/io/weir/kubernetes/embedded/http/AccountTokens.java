package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.store.Key;
import io.weir.kubernetes.embedded.store.ObjectStore;
import io.weir.kubernetes.embedded.store.Stored;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens of service accounts: JSON Web Tokens, signed with HMAC-SHA-256. One is good until its time
 * is up or its account is deleted. Whoever has one may look; Roles are kept, but not read.
 */
public final class AccountTokens {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String ISSUER = "https://kubernetes.default.svc";
    private static final String RESOURCE = "serviceaccounts";
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;
    private final ObjectStore store;
    private final InstantSource clock;

    /**
     * @param key secret from which tokens are signed
     */
    public AccountTokens(byte[] key, ObjectStore store, InstantSource clock) {
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.store = store;
        this.clock = clock;
    }

    /** A token and when it ends. */
    record Issued(String token, Instant end) {}

    Issued issue(ObjectNode account, long seconds) {
        Instant now = clock.instant();
        Instant end = now.plusSeconds(seconds);
        ObjectNode claims = Trees.object();
        claims.putArray("aud").add(ISSUER);
        claims.put("iss", ISSUER).put("sub", name(account));
        claims.put("iat", now.getEpochSecond()).put("exp", end.getEpochSecond());
        ObjectNode about = claims.putObject("kubernetes.io");
        about.put("namespace", Trees.namespace(account));
        about.putObject("serviceaccount")
                .put("name", Trees.name(account))
                .put("uid", Trees.uid(account));
        ObjectNode header = Trees.object().put("alg", "HS256").put("typ", "JWT");
        String text =
                ENCODER.encodeToString(Trees.bytes(header))
                        + "."
                        + ENCODER.encodeToString(Trees.bytes(claims));
        return new Issued(text + "." + sign(text), end);
    }

    /** Returns the account whose token this is. */
    public Optional<User> authenticate(String token) {
        int dot = token.lastIndexOf('.');
        if (dot < 0 || !same(sign(token.substring(0, dot)), token.substring(dot + 1))) {
            return Optional.empty();
        }
        ObjectNode claims = claims(token.substring(token.indexOf('.') + 1, dot));
        if (claims == null || claims.path("exp").asLong() <= clock.instant().getEpochSecond()) {
            return Optional.empty();
        }
        String namespace = Trees.text(claims, "kubernetes.io", "namespace");
        String name = Trees.text(claims, "kubernetes.io", "serviceaccount", "name");
        String uid = Trees.text(claims, "kubernetes.io", "serviceaccount", "uid");
        return store.get(new Key(RESOURCE, namespace, name))
                .map(Stored::object)
                .filter(account -> Trees.uid(account).equals(uid))
                .map(account -> user(account, namespace));
    }

    private static User user(ObjectNode account, String namespace) {
        List<String> groups =
                List.of(
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + namespace,
                        "system:authenticated");
        return new User(name(account), groups, false);
    }

    private static String name(ObjectNode account) {
        return "system:serviceaccount:" + Trees.namespace(account) + ":" + Trees.name(account);
    }

    private static @Nullable ObjectNode claims(String text) {
        try {
            return Trees.parse(Base64.getUrlDecoder().decode(text)) instanceof ObjectNode claims
                    ? claims
                    : null;
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return null;
        }
    }

    private String sign(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return ENCODER.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean same(String signature, String claimed) {
        return MessageDigest.isEqual(
                signature.getBytes(StandardCharsets.US_ASCII),
                claimed.getBytes(StandardCharsets.US_ASCII));
    }

    /** Completes a TokenRequest. */
    ObjectNode answer(ObjectNode account, ObjectNode request, long seconds) {
        Issued issued = issue(account, seconds);
        request.put("kind", "TokenRequest").put("apiVersion", "authentication.k8s.io/v1");
        ObjectNode metadata = Trees.metadata(request);
        metadata.put("name", Trees.name(account)).put("namespace", Trees.namespace(account));
        ObjectNode spec = Trees.child(request, "spec");
        ArrayNode audiences = Trees.childArray(spec, "audiences");
        if (audiences.isEmpty()) {
            audiences.add(ISSUER);
        }
        spec.put("expirationSeconds", seconds);
        request.putObject("status")
                .put("token", issued.token())
                .put(
                        "expirationTimestamp",
                        Instant.ofEpochSecond(issued.end().getEpochSecond()).toString());
        return request;
    }
}
