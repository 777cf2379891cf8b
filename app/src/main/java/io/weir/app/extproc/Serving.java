package io.weir.app.extproc;

import io.grpc.BindableService;
import io.weir.app.CommandFailure;
import io.weir.app.admin.AdminServer;
import io.weir.app.admin.Page;
import io.weir.extproc.server.ExtProcServer;
import io.weir.extproc.server.HealthService;
import io.weir.extproc.server.ServerSettings;
import io.weir.extproc.server.ServerTls;
import io.weir.extproc.server.StreamListener;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The three ports of an ext_proc role: the service, health checks, metrics.
 *
 * <pre>
 *   NOT_SERVING ──ready()──▶ SERVING ──drain()──▶ NOT_SERVING, open streams go on ──▶ closed
 * </pre>
 */
public final class Serving implements AutoCloseable {

    private final ServingOptions options;
    private final HealthService health;
    private final @Nullable Certificates certificates;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final ExtProcServer grpc;
    private final ExtProcServer probes;
    private final AdminServer admin;
    private volatile boolean draining;

    private Serving(
            ServingOptions options,
            BindableService service,
            BooleanSupplier ready,
            Map<String, Page> pages,
            StreamListener streams)
            throws CommandFailure {
        this.options = options;
        this.health = new HealthService(() -> !draining && ready.getAsBoolean());
        ServingOptions.Tls tls = options.tls();
        this.certificates = tls == null ? null : Certificates.open(tls);
        List<BindableService> services =
                options.healthOnGrpcPort() ? List.of(service, health) : List.of(service);
        try {
            this.admin = admin(pages);
            open.add(admin);
            this.probes =
                    serve(
                            "--grpc-health-port",
                            options.healthPort(),
                            null,
                            List.of(health),
                            StreamListener.NONE);
            open.add(probes);
            ServerTls context = certificates == null ? null : certificates.tls();
            this.grpc = serve("--grpc-port", options.grpcPort(), context, services, streams);
            open.add(grpc);
        } catch (CommandFailure | RuntimeException e) {
            closeAll();
            throw e;
        }
    }

    /**
     * Opens the ports.
     *
     * @param service the role's service
     * @param ready whether it can serve
     * @param pages pages of the metrics port
     * @param streams is told of the service's streams that ended
     * @throws CommandFailure when a port is taken or a certificate can't be used
     */
    public static Serving start(
            ServingOptions options,
            BindableService service,
            BooleanSupplier ready,
            Map<String, Page> pages,
            StreamListener streams)
            throws CommandFailure {
        return new Serving(options, service, ready, pages, streams);
    }

    private AdminServer admin(Map<String, Page> pages) throws CommandFailure {
        try {
            return new AdminServer(
                    new InetSocketAddress(options.address(), options.metricsPort()), pages);
        } catch (IOException e) {
            throw cantListen("--metrics-port", options.metricsPort(), e);
        }
    }

    private ExtProcServer serve(
            String flag,
            int port,
            @Nullable ServerTls tls,
            List<BindableService> services,
            StreamListener streams)
            throws CommandFailure {
        InetSocketAddress address = new InetSocketAddress(options.address(), port);
        try {
            return ExtProcServer.start(
                    new ServerSettings(address, tls, options.messageLimitBytes()),
                    services,
                    streams);
        } catch (IOException e) {
            throw cantListen(flag, port, e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("--tls-min-version, --tls-cipher-suites: " + e.getMessage());
        }
    }

    private static CommandFailure cantListen(String flag, int port, IOException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new CommandFailure(
                flag + ": can't listen on port " + port + ": " + cause.getMessage());
    }

    /** Tells those who watch the health that it may have changed. */
    public void refresh() {
        health.refresh();
    }

    /** Returns the port of the service. */
    public int grpcPort() {
        return grpc.address().getPort();
    }

    /** Returns the port of health checks. */
    public int healthPort() {
        return probes.address().getPort();
    }

    /** Returns the port of metrics. */
    public int metricsPort() {
        return admin.port();
    }

    /** Returns how many requests are under way. */
    public int openStreams() {
        return grpc.openStreams();
    }

    /** Says that it is not ready any more and lets open streams end within the drain timeout. */
    public boolean drain() {
        draining = true;
        health.refresh();
        return grpc.drain(options.drainTimeout());
    }

    @Override
    public void close() {
        closeAll();
    }

    private void closeAll() {
        for (AutoCloseable each : open.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        Certificates files = certificates;
        if (files != null) {
            files.close();
        }
    }
}
