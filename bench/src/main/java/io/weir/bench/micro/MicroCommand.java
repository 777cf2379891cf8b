package io.weir.bench.micro;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code weir bench micro}: single steps of a pick, by JMH. */
@Command(
        name = "micro",
        description = {
            "Measures single steps of a pick by JMH: time and bytes allocated.",
            "Takes the options of JMH after a double dash."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: weir bench micro -- PickBenchmark -p endpoints=100 -f 3"})
public final class MicroCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "JMH",
            arity = "0..*",
            description = "Name of a benchmark and options of JMH. Default: all benchmarks.")
    private List<String> jmh = List.of();

    @Override
    public Integer call() throws RunnerException {
        CommandLineOptions given = parsed();
        new Runner(
                        new OptionsBuilder()
                                .parent(given)
                                .addProfiler(GCProfiler.class)
                                .jvmArgsAppend("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders")
                                .build())
                .run();
        return 0;
    }

    private CommandLineOptions parsed() {
        try {
            return new CommandLineOptions(jmh.toArray(String[]::new));
        } catch (CommandLineOptionException e) {
            String message = Objects.requireNonNullElse(e.getMessage(), "wrong option of JMH");
            throw new ParameterException(
                    Objects.requireNonNull(spec, "spec").commandLine(), message, e);
        }
    }
}
