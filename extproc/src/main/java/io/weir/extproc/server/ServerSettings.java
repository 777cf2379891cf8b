package io.weir.extproc.server;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/**
 * Where and how a server listens.
 *
 * @param address the address; port 0 for any free one
 * @param tls null for clear text
 * @param messageLimitBytes largest message that is taken
 */
public record ServerSettings(
        InetSocketAddress address, @Nullable ServerTls tls, int messageLimitBytes) {

    /** Most that gRPC takes unless told otherwise. */
    public static final int DEFAULT_MESSAGE_LIMIT = 4 << 20;

    public ServerSettings {
        if (messageLimitBytes < 1) {
            throw new IllegalArgumentException(
                    "messageLimitBytes: " + messageLimitBytes + " (expected: >= 1)");
        }
    }
}
