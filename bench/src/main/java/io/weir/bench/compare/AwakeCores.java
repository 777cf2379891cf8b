package io.weir.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps cores from going to sleep: on each a process that has nothing to do, and does it only while
 * nothing else runs there. In a virtual machine it takes milliseconds at times to wake a core up,
 * which says nothing about who has to be woken.
 */
public final class AwakeCores implements AutoCloseable {

    private final List<Process> spinners;

    private AwakeCores(List<Process> spinners) {
        this.spinners = spinners;
    }

    /** Keeps the first cores awake until this is closed; 0 for none. */
    public static AwakeCores first(int cores) {
        List<Process> spinners = new ArrayList<>();
        for (int core = 0; core < cores; core++) {
            spinners.add(spinner(core));
        }
        return new AwakeCores(spinners);
    }

    private static Process spinner(int core) {
        List<String> command =
                List.of(
                        "chrt",
                        "--idle",
                        "0",
                        "taskset",
                        "-c",
                        Integer.toString(core),
                        "sh",
                        "-c",
                        "while :; do :; done");
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start chrt: is util-linux installed?", e);
        }
    }

    @Override
    public void close() {
        spinners.forEach(ChildProcess::end);
    }
}
