package io.weir.kubernetes.embedded;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.client.ChangeFeed;
import io.weir.kubernetes.embedded.client.ChangeListener;
import io.weir.kubernetes.embedded.control.Accounts;
import io.weir.kubernetes.embedded.control.Cleanup;
import io.weir.kubernetes.embedded.control.Definitions;
import io.weir.kubernetes.embedded.control.GarbageCollector;
import io.weir.kubernetes.embedded.control.OldEvents;
import io.weir.kubernetes.embedded.engine.Clockwork;
import io.weir.kubernetes.embedded.engine.Engine;
import io.weir.kubernetes.embedded.http.AccountTokens;
import io.weir.kubernetes.embedded.http.ApiServer;
import io.weir.kubernetes.embedded.http.Authentication;
import io.weir.kubernetes.embedded.kind.BuiltInKinds;
import io.weir.kubernetes.embedded.kind.GroupVersions;
import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.schema.rule.Rules;
import io.weir.kubernetes.embedded.store.FilePersistence;
import io.weir.kubernetes.embedded.store.ObjectStore;
import io.weir.kubernetes.embedded.store.Persistence;
import io.weir.kubernetes.embedded.tls.Authority;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

import javax.net.ssl.SSLContext;

/** The API server. */
public final class EmbeddedApi implements AutoCloseable {

    private static final String MANAGER = "weir";
    private static final List<String> FIRST_NAMESPACES = List.of("default", "kube-system");

    private final Kinds kinds;
    private final ObjectStore store;
    private final Engine engine;
    private final ChangeFeed feed;
    private final Credentials credentials;
    private final ApiServer server;
    private final InetSocketAddress address;
    private final OldEvents oldEvents;
    private final List<ChangeFeed.Subscription> controllers = new ArrayList<>();
    private volatile @Nullable Fingerprint fingerprint;

    private EmbeddedApi(EmbeddedApiOptions options, ObjectStore store, Credentials credentials)
            throws IOException, GeneralSecurityException {
        this.store = store;
        this.credentials = credentials;
        BuiltInKinds.Loaded builtIn = BuiltInKinds.load();
        this.kinds = new Kinds(builtIn.kinds());
        Definitions.follow(kinds, store);
        this.engine =
                new Engine(
                        kinds,
                        store,
                        new Rules(System::nanoTime),
                        options.admissions(),
                        new Clockwork(options.clock(), options.random()));
        this.feed = new ChangeFeed(kinds, store);
        createFirstNamespaces();
        controllers.add(feed.subscribe("weir-cleanup", new Cleanup(client("weir-cleanup"))));
        controllers.add(
                feed.subscribe(
                        "weir-garbage", new GarbageCollector(client("weir-garbage-collector"))));
        controllers.add(feed.subscribe("weir-accounts", new Accounts(client("weir-accounts"))));
        this.oldEvents = new OldEvents(client("weir-old-events"), options.clock());
        AccountTokens tokens = new AccountTokens(credentials.accountKey(), store, options.clock());
        this.server =
                new ApiServer(
                        options.address(),
                        tls(options, credentials.authority()),
                        authentication(credentials, tokens),
                        kinds,
                        builtIn.wire(),
                        engine,
                        options.logs(),
                        tokens,
                        options.clock());
        this.address = server.address();
    }

    /**
     * Starts the server.
     *
     * @throws io.weir.kubernetes.embedded.store.StorageException when the data directory can't be
     *     used; the message says why
     * @throws IOException when the address can't be bound
     */
    public static EmbeddedApi start(EmbeddedApiOptions options) throws IOException {
        try {
            if (options.dataDirectory().isEmpty()) {
                ObjectStore store =
                        new ObjectStore(
                                Persistence.none(options.clock().instant().getEpochSecond()));
                return new EmbeddedApi(options, store, Credentials.create(options.clock()));
            }
            ObjectStore store = new ObjectStore(new FilePersistence(options.dataDirectory().get()));
            try {
                Credentials credentials =
                        Credentials.keptIn(options.dataDirectory().get(), options.clock());
                return new EmbeddedApi(options, store, credentials);
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                store.close();
                throw e;
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("credentials: " + e.getMessage(), e);
        }
    }

    /** Returns the address that the server listens on. */
    public InetSocketAddress address() {
        return address;
    }

    /** Returns how many connections there are. */
    int connections() {
        return server.connections();
    }

    /** Returns the URL for clients on this machine, or anywhere when a real address is bound. */
    public URI url() {
        InetAddress bound = address.getAddress();
        String host = bound.isAnyLocalAddress() ? "127.0.0.1" : bound.getHostAddress();
        String text = host.contains(":") ? "[" + host + "]" : host;
        return URI.create("https://" + text + ":" + address.getPort());
    }

    /**
     * Returns the URL for kubectl. It ends with a fingerprint of the kinds and their order: kubectl
     * keeps what it was told about kinds for hours, for each URL.
     */
    public URI kubectlUrl() {
        KindsInUse now = new KindsInUse(kinds.revision(), Set.copyOf(store.resources()));
        Fingerprint known = fingerprint;
        if (known == null || !known.kinds.equals(now)) {
            known = new Fingerprint(now, kubectlUrl(now));
            fingerprint = known;
        }
        return known.url;
    }

    private URI kubectlUrl(KindsInUse inUse) {
        CRC32 crc = new CRC32();
        for (GroupVersions part : kinds.discovery(inUse.resources::contains)) {
            crc.update(part.group().getBytes(StandardCharsets.UTF_8));
            part.versions()
                    .forEach((version, served) -> {
                        crc.update(("/" + version + "\n").getBytes(StandardCharsets.UTF_8));
                        served.forEach(each -> crc.update(names(each.info())));
                    });
        }
        return URI.create(url() + "/kinds/" + HexFormat.of().toHexDigits((int) crc.getValue()));
    }

    private static byte[] names(KindInfo kind) {
        String names =
                kind.plural()
                        + kind.kind()
                        + kind.namespaced()
                        + kind.shortNames()
                        + kind.singular();
        return (names + kind.categories() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Returns what a client needs to do everything. */
    public Kubeconfig kubeconfig() {
        return kubeconfig(credentials.adminToken());
    }

    /** Returns what a client needs to look. */
    public Kubeconfig viewerKubeconfig() {
        return kubeconfig(credentials.viewToken());
    }

    private Kubeconfig kubeconfig(String token) {
        try {
            return new Kubeconfig(url(), credentials.authority().certificatePem(), token);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the authority, which can issue certificates for users. */
    public Authority authority() {
        return credentials.authority();
    }

    /**
     * Returns a client for a part of this program.
     *
     * @param manager who owns the fields that it writes
     */
    public ApiClient client(String manager) {
        return new ApiClient(kinds, engine, manager);
    }

    /**
     * Begins to tell a listener of changes; the first call brings everything that there is.
     *
     * @param name of its thread
     */
    public ChangeFeed.Subscription subscribe(String name, ChangeListener listener) {
        return feed.subscribe(name, listener);
    }

    /** Stops listening, ends all watches and closes the data directory. */
    @Override
    public void close() {
        controllers.forEach(ChangeFeed.Subscription::close);
        oldEvents.close();
        store.close();
        server.close();
    }

    private void createFirstNamespaces() {
        ApiClient client = client(MANAGER);
        for (String name : FIRST_NAMESPACES) {
            if (client.get("v1", "Namespace", "", name).isEmpty()) {
                var namespace = Trees.object().put("apiVersion", "v1").put("kind", "Namespace");
                Trees.metadata(namespace).put("name", name);
                client.create(namespace);
            }
        }
    }

    private static Authentication authentication(Credentials credentials, AccountTokens tokens) {
        return (token, certificates) ->
                credentials.authenticate(token, certificates).or(() -> tokens.authenticate(token));
    }

    private static SSLContext tls(EmbeddedApiOptions options, Authority authority)
            throws GeneralSecurityException, IOException {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        addresses.add(InetAddress.ofLiteral("127.0.0.1"));
        addresses.add(InetAddress.ofLiteral("::1"));
        addresses.add(options.address().getAddress());
        return authority.server(
                List.of("localhost", "kubernetes", "kubernetes.default"),
                List.copyOf(addresses),
                options.clock().instant());
    }

    /**
     * What the fingerprint of kinds is made of.
     *
     * @param revision number of the list of kinds
     * @param resources those of which there are objects
     */
    private record KindsInUse(long revision, Set<String> resources) {}

    private record Fingerprint(KindsInUse kinds, URI url) {}
}
