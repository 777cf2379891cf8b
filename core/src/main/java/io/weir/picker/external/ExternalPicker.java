package io.weir.picker.external;

import io.weir.picker.Endpoint;
import io.weir.resource.ObjectName;
import io.weir.split.WeightedChoice;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * An endpoint picker that is asked over ext_proc.
 *
 * @param service the picker's Service
 * @param port port of the Service
 * @param endpoints the Service's ready endpoints
 * @param security how it is spoken to
 * @param timeout longest wait for its next reply while one is due
 * @param responses what it is told of responses
 * @param failOpen whether any endpoint of the pool serves a request when the picker can't be asked
 * @param rotation ready endpoints of the pool in turn, for when it can't be asked
 */
public record ExternalPicker(
        ObjectName service,
        int port,
        List<Endpoint> endpoints,
        Security security,
        Duration timeout,
        Responses responses,
        boolean failOpen,
        WeightedChoice<Endpoint> rotation) {

    /** The reference data plane's wait for a reply. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1000);

    public ExternalPicker {
        endpoints = List.copyOf(endpoints);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
        }
    }

    /** How a picker is spoken to. */
    public sealed interface Security {

        /** HTTP/2 in clear text. */
        enum ClearText implements Security {
            CLEAR_TEXT
        }

        /** TLS with whatever certificate the picker shows, as pickers make their own. */
        enum Unverified implements Security {
            UNVERIFIED
        }

        /**
         * TLS with a certificate that must be right.
         *
         * @param caPem certificates to trust; null for those of the system
         * @param hostname name that the certificate must carry
         */
        record Verified(@Nullable String caPem, String hostname) implements Security {}
    }

    /** What a picker is told of responses. */
    public enum Responses {
        /** Headers and body, which it may change. */
        FULL,
        /** Headers only. */
        HEADERS,
        /** Nothing. */
        NONE
    }
}
