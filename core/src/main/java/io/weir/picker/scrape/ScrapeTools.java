package io.weir.picker.scrape;

import com.fasterxml.jackson.core.JsonFactory;

import io.weir.picker.EndpointSnapshot.ServedModel;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.ServedModels;
import io.weir.tls.ClientTls;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** What the scrapers of all endpoints share. */
final class ScrapeTools {

    private static final Logger log = LoggerFactory.getLogger(Scraper.class);
    private static final int MOST_SHARED = 256;

    private final JsonFactory json = new JsonFactory();
    private final Map<List<ServedModel>, ServedModels> shared = new HashMap<>();
    private final Map<ClientTls, SSLContext> contexts = new HashMap<>();
    private final LongAdder failures = new LongAdder();

    JsonFactory json() {
        return json;
    }

    /** Returns one object for all equal lists, by which a pick sees at once that they are equal. */
    ServedModels shared(ServedModels models) {
        if (shared.size() >= MOST_SHARED) {
            shared.clear();
        }
        return shared.computeIfAbsent(models.list(), _ -> models);
    }

    /** Returns the client's side of a TLS connection; files are read once for all servers. */
    SSLEngine engine(ClientTls tls, String host, int port) throws IOException {
        SSLContext context = contexts.get(tls);
        if (context == null) {
            context = context(tls);
            contexts.put(tls, context);
        }
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        if (tls.verifies()) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            engine.setSSLParameters(parameters);
        }
        return engine;
    }

    private static SSLContext context(ClientTls tls) throws IOException {
        try {
            return tls.context();
        } catch (GeneralSecurityException e) {
            throw new SSLException(e);
        }
    }

    /** Has files of certificates read anew, as they may be others by now. */
    void forgetCertificates() {
        contexts.clear();
    }

    /** Counts a question that was not answered. */
    void failed() {
        failures.increment();
    }

    long failures() {
        return failures.sum();
    }

    /** Says that a server cannot be reached, and tells so when that is new. */
    void unreachable(EndpointState state, IOException cause, int failures) {
        if (state.health().isReachable()) {
            log.atInfo()
                    .addKeyValue("endpoint", state.endpoint().name())
                    .addKeyValue("address", state.endpoint().authority())
                    .addKeyValue("failures", failures)
                    .addKeyValue("cause", cause.toString())
                    .log("endpoint cannot be reached");
        }
        state.health().reachable(false);
    }
}
