package io.weir.proxy.testing;

import io.weir.config.Listener;
import io.weir.config.Server;
import io.weir.config.Snapshot;
import io.weir.model.BaseModels;
import io.weir.model.ModelRewrites;
import io.weir.model.ReachableModels;
import io.weir.picker.Endpoint;
import io.weir.picker.PickerSettings;
import io.weir.resource.HttpRoute.Filter;
import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;
import io.weir.resource.HttpRoute.PathMatch;
import io.weir.resource.HttpRoute.ValueMatch;
import io.weir.resource.InferencePool.AppProtocol;
import io.weir.resource.InferencePool.FailureMode;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.routing.Backend;
import io.weir.routing.HeaderRule;
import io.weir.routing.IndexedRouteTable;
import io.weir.routing.Pool;
import io.weir.routing.RetryPolicy;
import io.weir.routing.RouteBackend;
import io.weir.routing.RouteRule;
import io.weir.routing.RouteSource;
import io.weir.split.WeightedChoice;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Makes snapshots by hand. */
public final class Config {

    /** A policy that retries nothing by itself. */
    public static final RetryPolicy NO_RETRY = new RetryPolicy(Set.of(), 0, Duration.ZERO);

    private static final ObjectName GATEWAY = new ObjectName("default", "gateway");

    private final List<RouteSource.Rule> rules = new ArrayList<>();
    private final List<Backend> backends = new ArrayList<>();
    private BaseModels baseModels = BaseModels.EMPTY;
    private ReachableModels models = ReachableModels.NONE;
    private List<HeaderRule> headerRules = List.of();
    private long bodyLimitBytes = 1 << 20;
    private String hostname = "";
    private int port;

    /** Starts a configuration without rules, on a free port. */
    public static Config config() {
        return new Config();
    }

    /** Adds a rule for a path prefix. */
    public Config rule(String prefix, Backend backend) {
        return rule(prefix, backend, UnaryOperator.identity());
    }

    /** Adds a rule for a path prefix, changed in some way. */
    public Config rule(String prefix, Backend backend, UnaryOperator<RouteRule> change) {
        return rule(pathMatch(prefix, List.of()), backend, change);
    }

    /** Adds a rule for a value of the base-model header. */
    public Config baseModelRule(String baseModel, Backend backend) {
        var header = new ValueMatch(MatchType.EXACT, "X-Gateway-Base-Model-Name", baseModel);
        return rule(pathMatch("/", List.of(header)), backend, UnaryOperator.identity());
    }

    /** Adds a rule for a value of some header. */
    public Config headerRule(String name, String value, Backend backend) {
        var header = new ValueMatch(MatchType.EXACT, name, value);
        return rule(pathMatch("/", List.of(header)), backend, UnaryOperator.identity());
    }

    private Config rule(Match match, Backend backend, UnaryOperator<RouteRule> change) {
        RouteBackend only = new RouteBackend(backend, List.of());
        RouteRule rule =
                new RouteRule(
                        new ObjectName("default", "route"),
                        rules.size(),
                        List.of(),
                        List.of(),
                        WeightedChoice.equal(List.of(only)),
                        Duration.ZERO,
                        Duration.ZERO,
                        NO_RETRY);
        rules.add(new RouteSource.Rule(change.apply(rule), List.of(match)));
        backends.add(backend);
        return this;
    }

    private static Match pathMatch(String prefix, List<ValueMatch> headers) {
        return new Match(new PathMatch(MatchType.PATH_PREFIX, prefix), headers, List.of(), null);
    }

    /** Sets the table of base models. */
    public Config baseModels(BaseModels models) {
        baseModels = models;
        return this;
    }

    /** Sets the models that clients can ask for. */
    public Config models(ReachableModels reachable) {
        models = reachable;
        return this;
    }

    /** Sets the header rules. */
    public Config headerRules(HeaderRule... computed) {
        headerRules = List.of(computed);
        return this;
    }

    /** Sets the body limit. */
    public Config bodyLimit(long bytes) {
        bodyLimitBytes = bytes;
        return this;
    }

    /** Sets the listener's host name. */
    public Config hostname(String name) {
        hostname = name;
        return this;
    }

    /** Sets the port. */
    public Config port(int number) {
        port = number;
        return this;
    }

    /** Returns the snapshot. */
    public Snapshot snapshot() {
        return new Snapshot(1, List.of(server()));
    }

    /** Returns the only server. */
    public Server server() {
        var routes =
                new RouteSource(
                        new ObjectName("default", "route"), Instant.EPOCH, List.of(), rules);
        Listener listener =
                new Listener(
                        GATEWAY,
                        "http",
                        hostname.isEmpty() ? null : hostname,
                        IndexedRouteTable.of(
                                List.of(routes),
                                headerRules.stream().map(HeaderRule::header).toList()),
                        baseModels,
                        headerRules,
                        bodyLimitBytes,
                        backends,
                        models);
        return new Server("127.0.0.1", port, Server.Protocol.HTTP, List.of(listener));
    }

    /** Returns a Service of some servers. */
    public static Backend service(TestServer... servers) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (TestServer server : servers) {
            endpoints.add(server.endpoint());
        }
        return service(endpoints);
    }

    /** Returns a Service of some endpoints. */
    public static Backend service(List<Endpoint> endpoints) {
        return new Backend.ToService(
                new ObjectName("default", "service"), 80, WeightedChoice.equal(endpoints));
    }

    /** Returns the key of a pool. */
    public static ObjectKey poolKey(String name) {
        return new ObjectKey("inference.networking.k8s.io", "InferencePool", "default", name);
    }

    /** Returns a pool. */
    public static Backend pool(String name) {
        return pool(name, ModelRewrites.NONE, Map.of());
    }

    /** Returns a pool with rewrites and priorities. */
    public static Backend pool(
            String name, ModelRewrites rewrites, Map<String, Integer> priorities) {
        return new Backend.ToPool(
                new Pool(
                        poolKey(name),
                        List.of(),
                        AppProtocol.HTTP,
                        FailureMode.FAIL_CLOSE,
                        rewrites,
                        priorities,
                        Map.of(),
                        PickerSettings.DEFAULT));
    }

    /** Returns a rule with other filters. */
    public static RouteRule withFilters(RouteRule rule, Filter... filters) {
        return new RouteRule(
                rule.route(),
                rule.index(),
                List.of(filters),
                rule.mirrors(),
                rule.backends(),
                rule.requestTimeout(),
                rule.backendRequestTimeout(),
                rule.retry());
    }

    /** Returns a rule with other backends. */
    public static RouteRule withBackends(RouteRule rule, WeightedChoice<RouteBackend> backends) {
        return new RouteRule(
                rule.route(),
                rule.index(),
                rule.filters(),
                rule.mirrors(),
                backends,
                rule.requestTimeout(),
                rule.backendRequestTimeout(),
                rule.retry());
    }

    /** Returns a rule with timeouts. */
    public static RouteRule withTimeouts(
            RouteRule rule, Duration request, Duration backendRequest) {
        return new RouteRule(
                rule.route(),
                rule.index(),
                rule.filters(),
                rule.mirrors(),
                rule.backends(),
                request,
                backendRequest,
                rule.retry());
    }

    /** Returns a rule with a retry policy. */
    public static RouteRule withRetry(RouteRule rule, RetryPolicy retry) {
        return new RouteRule(
                rule.route(),
                rule.index(),
                rule.filters(),
                rule.mirrors(),
                rule.backends(),
                rule.requestTimeout(),
                rule.backendRequestTimeout(),
                retry);
    }

    /** Returns a rule with mirrors. */
    public static RouteRule withMirrors(RouteRule rule, RouteRule.Mirror... mirrors) {
        return new RouteRule(
                rule.route(),
                rule.index(),
                rule.filters(),
                List.of(mirrors),
                rule.backends(),
                rule.requestTimeout(),
                rule.backendRequestTimeout(),
                rule.retry());
    }
}
