package io.weir.app.command;

import io.weir.app.CommandFailure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells of failures: expected ones in their own words, others with a stack trace. */
final class FailureMessages implements IExecutionExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(FailureMessages.class);

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, ParseResult parsed) {
        String name = command.getCommandSpec().qualifiedName();
        if (failure instanceof CommandFailure expected) {
            command.getErr().println(name + ": " + expected.getMessage());
            return expected.isRefused() ? ExitCode.REFUSED : ExitCode.FAILED;
        }
        log.atError().setCause(failure).log("{} failed", name);
        return ExitCode.FAILED;
    }
}
