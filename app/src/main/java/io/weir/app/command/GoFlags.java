package io.weir.app.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * Lets the ext_proc roles be started by manifests that were written for older releases of the
 * reference: {@code -poolName x} reads as {@code --pool-name x}.
 */
final class GoFlags {

    private static final Set<String> COMMANDS = Set.of("picker", "body-router");

    private GoFlags() {}

    static String[] rewritten(String[] args) {
        if (args.length == 0 || !COMMANDS.contains(args[0])) {
            return args;
        }
        return Arrays.stream(args).map(GoFlags::rewritten).toArray(String[]::new);
    }

    private static String rewritten(String arg) {
        if (arg.length() < 3 || arg.charAt(0) != '-') {
            return arg;
        }
        int equals = arg.indexOf('=');
        String name = equals < 0 ? arg : arg.substring(0, equals);
        String rest = arg.substring(name.length());
        boolean oneDash = arg.charAt(1) != '-';
        if (oneDash && !Character.isLetter(arg.charAt(1))) {
            return arg;
        }
        String bare = name.replaceFirst("^--?", "");
        if (bare.length() == 1) {
            return "-" + bare + rest;
        }
        String kebab = bare.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        return "--" + kebab + rest;
    }
}
