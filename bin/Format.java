import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Formats every Java source of the project with google-java-format in AOSP style, or with {@code
 * --check} only names the files that differ and exits with 1. Run by {@code bin/format} and by
 * {@code ./mvnw verify}.
 */
public final class Format {

    private static final Formatter FORMATTER =
            new Formatter(
                    JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.AOSP).build());

    public static void main(String[] args) throws IOException {
        boolean check = List.of(args).contains("--check");
        List<Path> changed;
        try (Stream<Path> files = Files.walk(Path.of("."))) {
            changed =
                    files.filter(Format::isSource)
                            .sorted()
                            .filter(file -> differs(file, check))
                            .toList();
        }
        if (check && !changed.isEmpty()) {
            changed.forEach(file -> System.err.println("not formatted: " + file));
            System.err.println("run bin/format, then commit the result");
            System.exit(1);
        }
    }

    private static boolean isSource(Path file) {
        String name = file.toString();
        return name.endsWith(".java") && !name.contains("/target/") && !name.contains("/.git/");
    }

    private static boolean differs(Path file, boolean check) {
        try {
            String source = Files.readString(file);
            String formatted = format(source);
            if (source.equals(formatted)) {
                return false;
            }
            if (!check) {
                Files.writeString(file, formatted);
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FormatterException e) {
            System.err.println(file + ": " + e.getMessage());
            return true;
        }
    }

    private static String format(String source) throws FormatterException {
        String ordered =
                ImportOrderer.reorderImports(
                        RemoveUnusedImports.removeUnusedImports(source),
                        JavaFormatterOptions.Style.AOSP);
        return FORMATTER.formatSource(ordered);
    }
}
