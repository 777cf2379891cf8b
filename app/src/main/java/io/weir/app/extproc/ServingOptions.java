package io.weir.app.extproc;

import io.weir.extproc.server.ServerSettings;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How an ext_proc role serves.
 *
 * @param address address of all ports
 * @param grpcPort port of the service; 0 for any free one
 * @param healthPort port of health checks; 0 for any free one
 * @param metricsPort port of metrics; 0 for any free one
 * @param healthOnGrpcPort whether health checks are answered on the service's port, too
 * @param tls null for clear text
 * @param messageLimitBytes largest message that is taken
 * @param drainTimeout how long to go on serving after a signal
 */
public record ServingOptions(
        String address,
        int grpcPort,
        int healthPort,
        int metricsPort,
        boolean healthOnGrpcPort,
        @Nullable Tls tls,
        int messageLimitBytes,
        Duration drainTimeout) {

    /**
     * What serves TLS.
     *
     * @param certificates folder with {@code tls.crt} and {@code tls.key}; null for a certificate
     *     made at the start
     * @param reload whether the files are read again when they change
     * @param protocols for instance {@code TLSv1.3}; empty for what Java takes
     * @param ciphers IANA names; empty for what HTTP/2 allows
     */
    public record Tls(
            @Nullable Path certificates,
            boolean reload,
            List<String> protocols,
            List<String> ciphers) {

        /** A certificate made at the start. */
        public static final Tls SELF_SIGNED = new Tls(null, false, List.of(), List.of());

        public Tls {
            protocols = List.copyOf(protocols);
            ciphers = List.copyOf(ciphers);
        }
    }

    /** Any free ports on the loopback address. */
    public static ServingOptions anyPorts(@Nullable Tls tls) {
        return new ServingOptions(
                "127.0.0.1",
                0,
                0,
                0,
                false,
                tls,
                ServerSettings.DEFAULT_MESSAGE_LIMIT,
                Duration.ofSeconds(5));
    }
}
