package io.weir.app.extproc;

import io.weir.app.CommandFailure;
import io.weir.app.extproc.ServingOptions.Tls;
import io.weir.app.files.FileWatcher;
import io.weir.extproc.server.ReloadedIdentity;
import io.weir.extproc.server.ServerTls;
import io.weir.kubernetes.embedded.tls.Authority;
import io.weir.tls.TlsIdentity;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** The server's certificate: made at the start, or read from files and again when they change. */
final class Certificates implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
    private static final Set<String> SUFFIXES = Set.of(".crt", ".key");

    private final ReloadedIdentity identity;
    private final Tls options;
    private @Nullable FileWatcher watcher;

    private Certificates(ReloadedIdentity identity, Tls options) {
        this.identity = identity;
        this.options = options;
    }

    /**
     * Returns a certificate.
     *
     * @throws CommandFailure when the files can't be used
     */
    static Certificates open(Tls options) throws CommandFailure {
        Path folder = options.certificates();
        try {
            TlsIdentity identity = folder == null ? selfSigned() : read(folder);
            Certificates certificates = new Certificates(new ReloadedIdentity(identity), options);
            if (folder != null && options.reload()) {
                certificates.watch(folder);
            }
            return certificates;
        } catch (GeneralSecurityException | IOException e) {
            throw new CommandFailure("--cert-path: " + folder + ": " + e.getMessage());
        }
    }

    ServerTls tls() {
        return new ServerTls(identity, options.protocols(), options.ciphers());
    }

    private static TlsIdentity selfSigned() throws GeneralSecurityException {
        Instant now = Instant.now();
        Authority.Server server =
                Authority.create(now)
                        .issueServer(
                                "weir",
                                List.of("localhost"),
                                List.of(InetAddress.getLoopbackAddress()),
                                now);
        return new TlsIdentity(server.chain(), server.key());
    }

    private static TlsIdentity read(Path folder) throws IOException, GeneralSecurityException {
        return TlsIdentity.ofPem(
                Files.readAllBytes(folder.resolve("tls.crt")),
                Files.readAllBytes(folder.resolve("tls.key")));
    }

    private void watch(Path folder) throws IOException {
        FileWatcher files = new FileWatcher(List.of(folder), SUFFIXES, InstantSource.system());
        files.look();
        files.start((_, _) -> reload(folder));
        watcher = files;
    }

    /** One file of the two may be new already; then the other one follows in a moment. */
    private void reload(Path folder) {
        try {
            identity.replace(read(folder));
            LOG.atInfo().addKeyValue("folder", folder).log("certificate read again");
        } catch (GeneralSecurityException | IOException e) {
            LOG.atWarn()
                    .addKeyValue("folder", folder)
                    .addKeyValue("reason", e.getMessage())
                    .log("the certificate can't be read, the former one stays");
        }
    }

    @Override
    public void close() {
        FileWatcher files = watcher;
        if (files != null) {
            try {
                files.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
