package io.weir.app.admin;

import io.weir.app.admin.Page.Reply;

import java.util.List;
import java.util.function.Supplier;

/** Says whether the program is alive and ready, and why not. */
public final class HealthPages {

    private HealthPages() {}

    /** Returns a page that only shows that the program still answers. */
    public static Page live() {
        return () -> Reply.text(200, "alive\n");
    }

    /**
     * Returns a page with one line per check, status 200 when all are well and 503 otherwise.
     *
     * @param checks makes the checks
     */
    public static Page ready(Supplier<List<Check>> checks) {
        return () -> {
            List<Check> all = checks.get();
            boolean ready = all.stream().allMatch(Check::ok);
            StringBuilder text = new StringBuilder(ready ? "ready\n" : "not ready\n");
            for (Check check : all) {
                text.append(check.ok() ? "[+] " : "[-] ").append(check.text()).append('\n');
            }
            return Reply.text(ready ? 200 : 503, text.toString());
        };
    }

    /**
     * One thing that must be well.
     *
     * @param ok whether it is
     * @param text what it is, or what is wrong with it
     */
    public record Check(boolean ok, String text) {}
}
