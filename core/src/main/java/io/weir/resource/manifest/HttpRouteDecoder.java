package io.weir.resource.manifest;

import io.weir.resource.HttpRoute;
import io.weir.resource.HttpRoute.BackendRef;
import io.weir.resource.HttpRoute.Filter;
import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.Retry;
import io.weir.resource.HttpRoute.Rule;
import io.weir.resource.HttpRoute.Timeouts;
import io.weir.resource.ObjectMeta;
import io.weir.resource.ParentRef;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads HTTPRoutes. */
final class HttpRouteDecoder {

    private static final int MAX_MATCHES = 128;

    private HttpRouteDecoder() {}

    static HttpRoute decode(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        List<ParentRef> parents = parents(spec, metadata.namespace());
        List<String> hostnames = spec.texts("hostnames", 0, 16, TextRule.HOSTNAME);
        spec.noEffect("useDefaultGateways");
        return new HttpRoute(metadata, parents, hostnames, rules(spec, metadata.namespace()));
    }

    private static List<ParentRef> parents(Fields spec, String namespace) {
        List<Fields> written = spec.list("parentRefs", 0, 32);
        List<ParentRef> parents = new ArrayList<>();
        for (Fields ref : written) {
            ParentRef parent = References.parent(ref, namespace);
            for (ParentRef other : parents) {
                checkParents(ref, parent, other);
            }
            parents.add(parent);
        }
        return parents;
    }

    private static void checkParents(Fields ref, ParentRef parent, ParentRef other) {
        boolean sameObject =
                parent.objectName().equals(other.objectName())
                        && parent.kind().equals(other.kind())
                        && parent.group().equals(other.group());
        if (!sameObject) {
            return;
        }
        boolean alike =
                (parent.sectionName() == null) == (other.sectionName() == null)
                        && (parent.port() == null) == (other.port() == null);
        if (parent.equals(other) || !alike) {
            ref.error(
                    parent.kind()
                            + " "
                            + parent.name()
                            + " again (expected: a sectionName or port of its own in each reference"
                            + " to the same parent)");
        }
    }

    private static List<Rule> rules(Fields spec, String namespace) {
        if (!spec.has("rules")) {
            return List.of(
                    new Rule(
                            null,
                            List.of(HttpMatchDecoder.EVERYTHING),
                            List.of(),
                            List.of(),
                            Timeouts.NONE,
                            null));
        }
        List<Fields> written = spec.list("rules", 1, 16);
        List<Rule> rules = written.stream().map(rule -> rule(rule, namespace)).toList();
        List<Fields> named = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            String name = rules.get(i).name();
            if (name != null) {
                named.add(written.get(i));
                names.add(name);
            }
        }
        Unique.check(named, "name", names, name -> name, "a name for each rule of its own");
        int matches = rules.stream().mapToInt(rule -> rule.matches().size()).sum();
        if (matches > MAX_MATCHES) {
            spec.error(
                    "rules",
                    matches + " matches (expected: at most " + MAX_MATCHES + " in all rules)");
        }
        return rules;
    }

    private static Rule rule(Fields rule, String namespace) {
        List<Match> matches = HttpMatchDecoder.matches(rule);
        List<Filter> filters = HttpFilterDecoder.filters(rule, namespace, matches);
        List<BackendRef> backends = new ArrayList<>();
        for (Fields ref : rule.list("backendRefs", 0, 16)) {
            List<Filter> own = HttpFilterDecoder.filters(ref, namespace, matches);
            backends.add(References.weighted(ref, namespace, own));
        }
        boolean redirects = filters.stream().anyMatch(Filter.RequestRedirect.class::isInstance);
        if (redirects && !backends.isEmpty()) {
            rule.error(
                    "backendRefs",
                    backends.size() + " (expected: none beside a RequestRedirect filter)");
        }
        rule.noEffect("sessionPersistence");
        return new Rule(
                rule.optionalText("name", TextRule.DNS_SUBDOMAIN),
                matches,
                filters,
                backends,
                timeouts(rule.object("timeouts")),
                retry(rule));
    }

    private static Timeouts timeouts(Fields timeouts) {
        Duration request = duration(timeouts, "request");
        Duration backend = duration(timeouts, "backendRequest");
        if (request != null && backend != null && exceeds(backend, request)) {
            timeouts.error(
                    "backendRequest",
                    timeouts.value("backendRequest").asText()
                            + " (expected: at most request, "
                            + timeouts.value("request").asText()
                            + ")");
        }
        return request == null && backend == null ? Timeouts.NONE : new Timeouts(request, backend);
    }

    private static boolean exceeds(Duration backend, Duration request) {
        return !request.isZero() && backend.compareTo(request) > 0;
    }

    private static @Nullable Retry retry(Fields rule) {
        Fields retry = rule.object("retry");
        if (!retry.exists()) {
            return null;
        }
        List<Integer> codes = retry.numbers("codes", 400, 599);
        Unique.check(retry, "codes", codes, "each code once");
        return new Retry(
                codes,
                retry.optionalNumber("attempts", 1, Integer.MAX_VALUE),
                duration(retry, "backoff"));
    }

    private static @Nullable Duration duration(Fields fields, String name) {
        return fields.parsed(name, Durations.EXPECTATION, Durations::parse);
    }
}
