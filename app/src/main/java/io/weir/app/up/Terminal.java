package io.weir.app.up;

import io.weir.resource.Problem;

import java.io.PrintWriter;
import java.util.Collection;

/**
 * Where the program talks to its user.
 *
 * @param out what was asked for
 * @param err problems and progress
 */
public record Terminal(PrintWriter out, PrintWriter err) {

    /** Prints a line of what was asked for. */
    public void say(String line) {
        out.println(line);
        out.flush();
    }

    /** Prints a line of progress. */
    public void note(String line) {
        err.println(line);
        err.flush();
    }

    /** Prints problems, one line each. */
    public void complain(Collection<Problem> problems) {
        problems.forEach(problem -> err.println(problem));
        err.flush();
    }
}
