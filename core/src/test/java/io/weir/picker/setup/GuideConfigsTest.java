package io.weir.picker.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.PickerSettings;
import io.weir.picker.builtin.BuiltInPlugins;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Configurations in guides work as they stand there. */
class GuideConfigsTest {

    private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    private final PickerConfigReader reader = new PickerConfigReader(List.of(new BuiltInPlugins()));

    @ParameterizedTest
    @MethodSource("configurations")
    void theConfigurationIsReadWithoutAWarning(PickerSettings settings) {
        assertThat(reader.read(settings).warnings()).isEmpty();
    }

    @Test
    void guidesHaveConfigurations() throws IOException {
        assertThat(configurations()).hasSizeGreaterThan(6);
    }

    static List<PickerSettings> configurations() throws IOException {
        List<PickerSettings> found = new ArrayList<>();
        try (var guides = Files.newDirectoryStream(guides(), "*.md")) {
            for (Path guide : guides) {
                BLOCK.matcher(Files.readString(guide))
                        .results()
                        .map(block -> block.group(1))
                        .filter(text -> text.contains("kind: EndpointPickerConfig"))
                        .forEach(text -> found.add(settings(text, guide)));
            }
        }
        return found;
    }

    private static PickerSettings settings(String text, Path guide) {
        return new PickerSettings(text, guide.getFileName().toString());
    }

    private static Path guides() {
        Path inModule = Path.of("../docs/guides");
        return Files.isDirectory(inModule) ? inModule : Path.of("docs/guides");
    }
}
