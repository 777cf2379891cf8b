package io.weir.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The help of every command, as a terminal of 80 columns shows it. */
class HelpTest {

    private static final int COLUMNS = 80;

    /** Longer words may be broken: they don't fit beside an option's name. */
    private static final int LONG_WORD = 45;

    private static final PrintStream ERR = System.err;
    private static final ByteArrayOutputStream WARNINGS = new ByteArrayOutputStream();

    @BeforeAll
    static void listen() {
        System.setErr(new PrintStream(WARNINGS, true, StandardCharsets.UTF_8));
    }

    @AfterAll
    static void stopListening() {
        System.setErr(ERR);
    }

    static Stream<CommandLine> commands() {
        return below(new CommandLine(new Weir()))
                .filter(command -> !(command.getCommand() instanceof HelpCommand));
    }

    private static Stream<CommandLine> below(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getSubcommands().values().stream().flatMap(HelpTest::below));
    }

    private static String help(CommandLine command) {
        command.setUsageHelpWidth(COLUMNS);
        return command.getUsageMessage(Ansi.OFF);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void itIsFormattedWithoutAWarning(CommandLine command) {
        WARNINGS.reset();

        assertThat(help(command)).contains("Usage: ").doesNotContain("%n", "%%");

        assertThat(WARNINGS.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void noLineIsTooLongAndNoWordIsBroken(CommandLine command) {
        String help = help(command);

        assertThat(help.lines()).allMatch(line -> line.length() <= COLUMNS);
        assertThat(wordsWithDots(command.getCommandSpec())).allMatch(help::contains);
    }

    /** Returns the words that the parser takes for ends of sentences. */
    private static Stream<String> wordsWithDots(CommandSpec spec) {
        Stream<String> said =
                texts(spec).stream()
                        .flatMap(Stream::of)
                        .flatMap(text -> Stream.of(text.split(" ")));
        Stream<String> defaults =
                spec.args().stream()
                        .filter(arg -> String.join("", arg.description()).contains("${DEFAULT"))
                        .map(arg -> String.valueOf(arg.defaultValue()));
        return Stream.concat(said, defaults)
                .filter(word -> word.length() <= LONG_WORD)
                .filter(word -> word.matches(".*[.].+") && !word.contains("${"));
    }

    /** Lines that are broken by hand are broken once more by a narrow terminal. */
    @ParameterizedTest
    @MethodSource("commands")
    void sentencesAreNotBrokenByHand(CommandLine command) {
        for (String[] text : texts(command.getCommandSpec())) {
            for (int i = 0; i < text.length - 1; i++) {
                assertThat(text[i]).matches("|.*[.:]");
            }
        }
    }

    private static List<String[]> texts(CommandSpec spec) {
        List<String[]> texts = new ArrayList<>();
        texts.add(spec.usageMessage().description());
        for (ArgSpec arg : spec.args()) {
            texts.add(arg.description());
        }
        return texts;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void examplesFitIntoALine(CommandLine command) {
        assertThat(command.getCommandSpec().usageMessage().footer())
                .filteredOn(line -> line.startsWith(" ") || line.startsWith("Example"))
                .allMatch(line -> line.length() <= COLUMNS);
    }
}
