package io.weir.body;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes request bodies of all APIs, written in every way that JSON allows. */
final class RandomBodies {

    private static final List<String> CHARACTERS =
            List.of("a", "Z", " ", "7", "é", "ж", "中", "文", "😀", "\\n", "\\\"", "\\\\", "\\/");
    private static final List<String> ESCAPES =
            List.of("\\u0041", "\\u00e9", "\\u4e2d", "\\ud83d\\ude00", "\\uD83D", "\\b", "\\t");
    private static final List<String> NUMBERS =
            List.of("0", "-0", "7", "1234567890123", "-1.5", "0.25", "1e3", "1E-7", "2.5e+10");

    private final RandomGenerator random;

    RandomBodies(RandomGenerator random) {
        this.random = random;
    }

    /** Returns a valid body with any mix of members, those that are read in any type. */
    String next() {
        List<String> members = new ArrayList<>();
        maybe(members, "model", oneOf(List.of("\"llama\"", "\"a\\/b\\u00e9\"", "null", "\"\"")));
        maybe(members, "stream", oneOf(List.of("true", "false", "null", "\"yes\"", "1", "{}")));
        maybe(members, "stream_options", oneOf(List.of(streamOptions(), "null", "[true]")));
        maybe(members, "max_tokens", limit());
        maybe(members, "max_completion_tokens", limit());
        maybe(members, "max_output_tokens", limit());
        maybe(members, "messages", messages());
        maybe(
                members,
                "prompt",
                oneOf(List.of(text(), "[1,2,3]", "[[1],[2,3]]", "[]", mixed(), texts())));
        maybe(members, "input", oneOf(List.of(text(), texts(), messages(), "[[7, 8]]")));
        maybe(members, "system", oneOf(List.of(text(), content())));
        maybe(members, "user", oneOf(List.of(text(), "3", "null")));
        maybe(members, "tools", value(3));
        maybe(members, "metadata", "{" + gap() + "\"model\":" + value(1) + "}");
        maybe(members, "x" + random.nextInt(9), value(4));
        Collections.shuffle(members, new java.util.Random(random.nextLong()));
        return gap() + "{" + gap() + String.join("," + gap(), members) + "}" + gap();
    }

    private void maybe(List<String> members, String key, String value) {
        if (random.nextInt(3) > 0) {
            members.add(key(key) + gap() + ":" + gap() + value + gap());
        }
    }

    /** Writes a key, now and then with a character escaped. */
    private String key(String key) {
        if (random.nextInt(4) > 0) {
            return "\"" + key + "\"";
        }
        int at = random.nextInt(key.length());
        String escaped = String.format("\\u%04X", (int) key.charAt(at));
        return "\"" + key.substring(0, at) + escaped + key.substring(at + 1) + "\"";
    }

    private String streamOptions() {
        return "{\"include_usage\":" + random.nextBoolean() + ",\"model\":\"no\"}";
    }

    private String limit() {
        return oneOf(List.of("1", "0", "4096", "-1", "1.5", "1e2", "\"9\"", "null", "99999999999"));
    }

    private String messages() {
        StringBuilder json = new StringBuilder("[");
        for (int i = random.nextInt(4); i > 0; i--) {
            json.append("{\"role\":\"user\",").append(gap()).append(key("content")).append(":");
            json.append(oneOf(List.of(text(), content(), "null"))).append("}");
            json.append(i > 1 ? "," : "");
        }
        return json.append("]").toString();
    }

    private String content() {
        String image =
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA\"}}";
        String call = "{\"function\":{\"name\":\"f\",\"arguments\":" + text() + "}}";
        return "[{\"type\":\"text\",\"text\":" + text() + "}," + oneOf(List.of(image, call)) + "]";
    }

    private String mixed() {
        return oneOf(
                List.of("[1,\"a\",2]", "[[1],2]", "[{\"text\":\"b\"},3]", "[[\"a\",[1],[]],4]"));
    }

    private String texts() {
        return "[" + text() + gap() + "," + text() + "]";
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> text();
            case 1 -> oneOf(NUMBERS);
            case 2 -> oneOf(List.of("true", "false", "null"));
            case 3 -> oneOf(List.of("{}", "[]", "[ ]", "\"\""));
            case 4 -> "[" + value(depth - 1) + "," + gap() + value(depth - 1) + "]";
            default ->
                    "{\"k\":" + value(depth - 1) + gap() + ",\"model\":" + value(depth - 1) + "}";
        };
    }

    private String text() {
        StringBuilder json = new StringBuilder("\"");
        for (int i = random.nextInt(12); i > 0; i--) {
            json.append(oneOf(random.nextInt(4) == 0 ? ESCAPES : CHARACTERS));
        }
        return json.append('"').toString();
    }

    private String gap() {
        return random.nextInt(3) > 0 ? "" : oneOf(List.of(" ", "\n", "\t", "\r\n", "   "));
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
