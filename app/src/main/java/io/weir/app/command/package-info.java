/**
 * The command line: one class for each command, and nothing but parsing, help and exit codes.
 *
 * <p>Commands run on the main thread and return an {@link io.weir.app.command.ExitCode}.
 */
@NullMarked
package io.weir.app.command;

import org.jspecify.annotations.NullMarked;
