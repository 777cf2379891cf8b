package io.weir.app.command;

import io.weir.app.tracing.TraceOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;

/** What the roles that serve requests tell of each. */
final class RequestReports {

    @Mixin private TracingFlag tracing;

    @Option(
            names = "--access-log",
            paramLabel = "FILE|-",
            description = "One JSON line per request, to a file or to the standard output.")
    private @Nullable Path accessLog;

    /** Made by the command line parser, which fills the fields. */
    @SuppressWarnings("NullAway.Init")
    RequestReports() {}

    /** Returns whether and how requests are traced. */
    TraceOptions traces() {
        return tracing.traces();
    }

    /** Returns the file, {@code -} for the standard output; null for none. */
    @Nullable Path accessLog() {
        return accessLog;
    }
}
