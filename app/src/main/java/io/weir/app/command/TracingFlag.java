package io.weir.app.command;

import io.weir.app.tracing.TraceOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/** Whether requests are traced. */
final class TracingFlag {

    @Option(
            names = "--tracing",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Trace requests, as the environment's OTEL_ variables say. Default: where they"
                            + " name an exporter or a collector.")
    private @Nullable Boolean tracing;

    /** Made by the command line parser, which fills the field. */
    TracingFlag() {}

    /** Returns whether and how requests are traced. */
    TraceOptions traces() {
        return TraceOptions.of(tracing);
    }
}
