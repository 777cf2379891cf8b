package io.weir.app.simulated;

import io.weir.resource.PodSpec.Container;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The flags of a model server, out of the many ways to write a container's command. */
final class ServerCommand {

    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

    private ServerCommand() {}

    /**
     * Returns the server's flags: shell scripts taken apart, variables filled in, and the model of
     * {@code vllm serve MODEL} as a flag like the others.
     */
    static List<String> flags(Container container) {
        List<String> words = new ArrayList<>(container.command());
        words.addAll(container.args());
        words.replaceAll(word -> fillIn(word, container.env()));
        int script = words.indexOf("-c");
        if (script >= 0 && script + 1 < words.size()) {
            words = split(words.get(script + 1));
        }
        return withoutProgram(words);
    }

    private static String fillIn(String word, Map<String, String> env) {
        return VARIABLE.matcher(word)
                .replaceAll(found ->
                        Matcher.quoteReplacement(env.getOrDefault(found.group(1), found.group())));
    }

    private static List<String> split(String script) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(script.replace("\\\n", " "));
        while (matcher.find()) {
            for (int group = 1; group <= 3; group++) {
                if (matcher.group(group) != null) {
                    words.add(matcher.group(group));
                }
            }
        }
        return words;
    }

    private static List<String> withoutProgram(List<String> words) {
        List<String> flags = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            boolean more = i + 1 < words.size();
            if (words.get(i).equals("-m") && more) {
                i++;
            } else if (words.get(i).equals("serve") && more && !words.get(i + 1).startsWith("-")) {
                flags.add("--model");
            } else {
                flags.add(words.get(i));
            }
        }
        return flags;
    }
}
