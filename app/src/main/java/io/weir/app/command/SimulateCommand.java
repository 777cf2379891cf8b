package io.weir.app.command;

import io.weir.app.CommandFailure;

import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

/** {@code weir simulate}. */
@Command(
        name = "simulate",
        description = "Runs simulated model servers in the foreground.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class SimulateCommand implements Callable<Integer> {

    @Override
    public Integer call() throws CommandFailure {
        throw new CommandFailure("not built yet");
    }
}
