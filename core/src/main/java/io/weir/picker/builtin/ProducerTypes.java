package io.weir.picker.builtin;

import static io.weir.picker.prefix.PrefixSettings.BYTES_PER_TOKEN;

import io.weir.picker.plugin.Inherent;
import io.weir.picker.plugin.Plugin;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginLookup;
import io.weir.picker.plugin.PluginParameters;
import io.weir.picker.plugin.PrefixSource;
import io.weir.picker.plugin.Producer;
import io.weir.picker.prefix.EventSource;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.tokens.Tokenizing;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Types of what other plugins look at. */
final class ProducerTypes {

    private static final String PREFIXES = "approx-prefix-cache-producer";
    private static final String PRECISE = "precise-prefix-cache-producer";
    private static final String REFERENCE = "prefixMatchInfoProducerName";
    private static final int MEGABYTES_PER_MEDIA_ITEM = 2;
    private static final List<String> PREFIX_PARAMETERS =
            List.of(
                    "autoTune",
                    "blockSizeTokens",
                    "blockSize",
                    "hashBlockSize",
                    "maxPrefixBlocksToMatch",
                    "maxPrefixTokensToMatch",
                    "lruCapacityPerServer");

    private ProducerTypes() {}

    static void addTo(Map<String, PluginFactory> factories) {
        factories.put(PREFIXES, (p, _) -> new Producer.Prefixes(prefix(p), null));
        factories.put(PRECISE, (p, _) -> precise(p));
        factories.put("burst-prefix-cache-producer", (p, _) -> burst(p));
        factories.put("precise-prefix-cache-scorer", ProducerTypes::preciseScorer);
        factories.put("inflight-load-producer", (p, _) -> load(p));
        factories.put("token-producer", (p, _) -> tokens(p));
        factories.put("tokenizer", (p, _) -> tokens(p));
        factories.put("session-id-producer", (p, _) -> sessionId(p));
        factories.put("mm-embeddings-cache-producer", (p, _) -> new Producer.Media(items(p)));
        factories.put("mm-embeddings-cache-scorer", ProducerTypes::mediaCache);
        factories.put("p2p-source-producer", (p, _) -> prefixSource(p));
        factories.put("agent-identity", (p, _) -> agent(p));
    }

    /** Returns the settings of the producer that a plugin names; null when it names none. */
    static @Nullable PrefixSettings named(PluginParameters p, PluginLookup plugins) {
        String name = p.text(REFERENCE).orElse(null);
        if (name == null || (name.equals(PREFIXES) && !plugins.has(name))) {
            return null;
        }
        if (plugins.get(p.field(REFERENCE), name) instanceof PrefixSource source) {
            return source.settings();
        }
        throw PluginException.on(p.field(REFERENCE), name + " (expected: a prefix producer)");
    }

    static boolean hasPrefixSettings(PluginParameters p) {
        return PREFIX_PARAMETERS.stream().anyMatch(p::has);
    }

    static PrefixSettings prefix(PluginParameters p) {
        int blockBytes = blockBytes(p);
        PrefixSettings fallback = PrefixSettings.DEFAULT;
        return new PrefixSettings(
                blockBytes,
                maxBlocks(p, blockBytes, fallback.maxBlocks()),
                p.integer("lruCapacityPerServer", fallback.capacityBlocks(), 1),
                p.flag("autoTune", fallback.autoTune()));
    }

    /**
     * Requests are not held back: every pick reserves its endpoint at once, which spreads bursts.
     */
    private static Plugin burst(PluginParameters p) {
        p.ignore(
                "windowDurationMs",
                "maxPerReplica",
                "minColocateBlocks",
                "maxBatchSize",
                "balanceBy");
        return new Producer.Prefixes(prefix(p), null);
    }

    /** Blocks of tokens are matched with those that servers say they have. */
    private static Producer.Prefixes precise(PluginParameters p) {
        p.ignore("indexerConfig", "speculativeIndexing", "speculativeTTL");
        PluginParameters tokens = section(p, "tokenProcessorConfig");
        tokens.ignore("hashSeed", "hashAlgorithm");
        PluginParameters events = section(p, "kvEventsConfig");
        events.ignore("zmqEndpoint", "concurrency");
        events.choice("engineType", "vllm", "vllm", "sglang");
        if (!events.flag("discoverPods", true)) {
            throw PluginException.on(
                    events.field("discoverPods"), "false (expected: true: servers are asked)");
        }
        PluginParameters pods = section(events, "podDiscoveryConfig");
        pods.ignore("podLabelSelector", "podNamespace");
        int formerTokens = tokens.integer("blockSize", 0, 0);
        int blockTokens = tokens.integer("blockSizeTokens", 0, 0);
        int blockBytes =
                bytes(blockTokens > 0 ? blockTokens : formerTokens > 0 ? formerTokens : 16);
        PrefixSettings fallback = PrefixSettings.DEFAULT;
        return new Producer.Prefixes(
                new PrefixSettings(
                        blockBytes, fallback.maxBlocks(), fallback.capacityBlocks(), true),
                new EventSource(
                        port(pods, "socketPort", 5557, 1),
                        port(pods, "replaySocketPort", 0, 0),
                        events.text("topicFilter").orElse("kv@"),
                        blockBytes));
    }

    /** The older form: producer and scorer in one, or the scorer of a producer beside it. */
    private static Plugin preciseScorer(PluginParameters p, PluginLookup plugins) {
        PrefixSettings existing = plugins.has(PRECISE) ? producer(PRECISE, plugins) : null;
        Producer.Prefixes own = precise(p);
        PrefixSettings settings = existing == null ? own.settings() : existing;
        return new PrecisePrefixScorer(
                new PrefixCacheScorer(settings, 0, 8192),
                settings,
                existing == null ? own.events() : null);
    }

    private static @Nullable PrefixSettings producer(String name, PluginLookup plugins) {
        return plugins.get(name, name) instanceof PrefixSource source ? source.settings() : null;
    }

    private static int port(PluginParameters p, String name, int fallback, int least) {
        return (int) p.number(name, fallback, least, 65_535);
    }

    private static PluginParameters section(PluginParameters p, String name) {
        return p.section(name).orElse(new PluginParameters(p.field(name), Map.of()));
    }

    private static int blockBytes(PluginParameters p) {
        int tokens = p.integer("blockSizeTokens", 16, 1);
        int characters = p.integer("blockSize", 0, 0);
        int legacyCharacters = p.integer("hashBlockSize", 0, 0);
        int bytes = Math.max(characters, legacyCharacters);
        return bytes > 0 ? bytes : bytes(tokens);
    }

    private static int bytes(int blockTokens) {
        return Math.multiplyExact(Math.min(blockTokens, 1 << 20), BYTES_PER_TOKEN);
    }

    private static int maxBlocks(PluginParameters p, int blockBytes, int fallback) {
        int blocks = p.integer("maxPrefixBlocksToMatch", 0, 0);
        int tokens = p.integer("maxPrefixTokensToMatch", 0, 0);
        if (tokens > 0) {
            return Math.max(1, (int) ((long) tokens * BYTES_PER_TOKEN / blockBytes));
        }
        return blocks > 0 ? blocks : fallback;
    }

    private static Plugin load(PluginParameters p) {
        p.producers(REFERENCE);
        p.ignore("syncCrossReplicaState");
        double ratio = p.number("outputRatio", 1.5, 0.001, 1e6);
        long most = p.whole("maxEstimatedOutputTokens", 0, 0);
        return p.flag("addEstimatedOutputTokens", false)
                ? new Producer.Load(ratio, most)
                : Producer.Load.LEARNED;
    }

    private static Plugin tokens(PluginParameters p) {
        if (p.has("udsTokenizerConfig")) {
            throw PluginException.on(
                    p.field("udsTokenizerConfig"),
                    "is not available (expected: vllm, servers, estimate, or nothing)");
        }
        // How tokens are estimated is not to be chosen.
        p.section("estimate").ifPresent(PluginParameters::ignoreAll);
        String model = p.text("modelName").orElse(null);
        PluginParameters renderer = p.section("vllm").orElse(null);
        PluginParameters servers = p.section("servers").orElse(null);
        if (renderer != null) {
            return new Producer.Tokens(rendered(renderer, model));
        }
        if (servers != null) {
            return new Producer.Tokens(told(servers));
        }
        return new Producer.Tokens(p.has("estimate") ? null : Tokenizing.DEFAULT);
    }

    /** A server next to the picker renders requests. */
    private static Tokenizing rendered(PluginParameters p, @Nullable String model) {
        p.ignore("mmTimeout");
        String url = p.text("url").or(() -> p.text("http")).orElse("http://localhost:8000");
        Tokenizing usual = Tokenizing.DEFAULT;
        return new Tokenizing(
                uri(p.field("url"), url),
                model,
                usual.path(),
                p.duration("budget", usual.budget()),
                p.duration("timeout", usual.timeout()),
                p.integer("maxOpen", usual.mostOpen(), 1));
    }

    /** The pool's own servers are asked. */
    private static Tokenizing told(PluginParameters p) {
        Tokenizing usual = Tokenizing.DEFAULT;
        String path = p.text("path").orElse(usual.path());
        if (!path.startsWith("/")) {
            throw PluginException.on(p.field("path"), path + " (expected: /...)");
        }
        return new Tokenizing(
                null,
                null,
                path,
                p.duration("budget", usual.budget()),
                p.duration("timeout", usual.timeout()),
                p.integer("maxOpen", usual.mostOpen(), 1));
    }

    private static URI uri(String field, String url) {
        try {
            URI uri = new URI(url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw PluginException.on(field, url + " (expected: http://host:port)");
        }
        throw PluginException.on(field, url + " (expected: http://host:port)");
    }

    private static Producer.SessionId sessionId(PluginParameters p) {
        String header = p.text("headerName").orElse(null);
        String cookie = p.text("cookieName").orElse(null);
        if ((header == null) == (cookie == null)) {
            throw PluginException.on(
                    p.field("headerName"), "(expected: either headerName or cookieName)");
        }
        return header != null
                ? new Producer.SessionId(List.of(header.toLowerCase(Locale.ROOT)), null)
                : new Producer.SessionId(List.of(), cookie);
    }

    private static Plugin agent(PluginParameters p) {
        List<String> headers = new ArrayList<>();
        p.texts("additionalSessionHeaders")
                .forEach(name -> headers.add(name.toLowerCase(Locale.ROOT)));
        headers.addAll(Producer.Agent.HEADERS);
        return new Producer.Agent(new Producer.SessionId(headers, null));
    }

    private static int items(PluginParameters p) {
        int megabytes = p.integer("cacheSizeInMBPerServer", 4096, Integer.MIN_VALUE);
        return Math.max(1, (megabytes <= 0 ? 4096 : megabytes) / MEGABYTES_PER_MEDIA_ITEM);
    }

    private static Plugin mediaCache(PluginParameters p, PluginLookup plugins) {
        String name = p.text("producerName").orElse("mm-embeddings-cache-producer");
        if (!p.has("producerName") && !plugins.has(name)) {
            return new MediaCache(4096 / MEGABYTES_PER_MEDIA_ITEM);
        }
        if (plugins.get(p.field("producerName"), name) instanceof Producer.Media(int items)) {
            return new MediaCache(items);
        }
        throw PluginException.on(p.field("producerName"), name + " (expected: a media producer)");
    }

    private static Plugin prefixSource(PluginParameters p) {
        p.producers(REFERENCE);
        return new PrefixSourceObserver(
                p.integer("minCachedTokenDelta", 1, 1),
                p.text("prefillProfileName").orElse("prefill"));
    }

    /** Returns a plugin for something that Weir does in any case. */
    static PluginFactory inherent(String type) {
        return (_, _) -> new Inherent(type);
    }
}
