package io.weir.picker.scrape;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/** Reads the labels of a series: {@code {name="value",other="with \" and \\ and \n"}}. */
final class Labels {

    private Labels() {}

    /** Returns the index behind the closing brace; the end of the line when there is none. */
    static int end(byte[] line, int from, int to) {
        boolean inValue = false;
        for (int i = from; i < to; i++) {
            switch (line[i]) {
                case '\\' -> i += inValue ? 1 : 0;
                case '"' -> inValue = !inValue;
                case '}' -> {
                    if (!inValue) {
                        return i + 1;
                    }
                }
                default -> {}
            }
        }
        return to;
    }

    /** Returns the value of a label; null when it is not there. */
    static @Nullable String value(byte[] line, int from, int to, String name) {
        int i = from + 1;
        while (i < to) {
            int equals = Bytes.indexOf(line, i, to, '=');
            if (equals < 0 || equals + 1 >= to || line[equals + 1] != '"') {
                return null;
            }
            int end = valueEnd(line, equals + 2, to);
            if (isName(line, i, equals, name)) {
                return unescaped(line, equals + 2, end);
            }
            i = end + 2;
        }
        return null;
    }

    /** Returns the items of a comma-separated list. */
    static Set<String> list(@Nullable String value) {
        Set<String> items = new LinkedHashSet<>();
        if (value != null) {
            for (String item : value.split(",", -1)) {
                if (!item.isBlank()) {
                    items.add(item.strip());
                }
            }
        }
        return items;
    }

    private static int valueEnd(byte[] line, int from, int to) {
        int i = from;
        while (i < to && line[i] != '"') {
            i += line[i] == '\\' ? 2 : 1;
        }
        return Math.min(i, to);
    }

    private static boolean isName(byte[] line, int from, int to, String name) {
        int start = from;
        while (start < to && line[start] == ' ') {
            start++;
        }
        if (to - start != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (line[start + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static String unescaped(byte[] line, int from, int to) {
        String text = new String(line, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char escaped = text.charAt(++i);
                c = escaped == 'n' ? '\n' : escaped;
            }
            plain.append(c);
        }
        return plain.toString();
    }
}
