package io.weir.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.app.bodyrouter.FieldToHeader;
import io.weir.extproc.router.PluginChain;
import io.weir.extproc.router.RouterOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine.ParameterException;

class BodyRouterPluginsTest {

    private static RouterOptions options(String... plugins) throws Exception {
        String[] args = new String[plugins.length * 2];
        for (int i = 0; i < plugins.length; i++) {
            args[2 * i] = "--plugin";
            args[2 * i + 1] = plugins[i];
        }
        return BodyRouterArguments.parse(args).requests();
    }

    @Test
    void withoutPluginsNothingButTheModelIsRead() throws Exception {
        assertThat(options().plugins()).isEqualTo(PluginChain.NONE);
        assertThat(options("base-model-to-header:b").plugins()).isEqualTo(PluginChain.NONE);
    }

    @Test
    void aFieldThatIsNotTheModelIsForAPlugin() throws Exception {
        RouterOptions found =
                options(
                        "body-field-to-header:m:{\"fieldName\":\"model\",\"headerName\":\"X-M\"}",
                        "body-field-to-header:u:{\"fieldName\":\"user\",\"headerName\":\"X-User\"}");

        assertThat(found.modelHeaders()).containsExactly("X-M");
        assertThat(found.baseModelHeaders()).isEmpty();
        assertThat(found.plugins().plugins())
                .containsExactly(
                        new PluginChain.Named(
                                "body-field-to-header", "u", new FieldToHeader("user", "x-user")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unheard-of:x | a type of the jars in WEIR_PLUGINS",
                "body-field-to-header:x:{\"fieldName\":\"user\"} | a fieldName and a headerName",
                "body-field-to-header:x:{ | JSON parameters"
            })
    void whatCannotBeMeantIsRefused(String plugin, String rule) {
        assertThatThrownBy(() -> options(plugin))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--plugin: " + plugin)
                .hasMessageContaining(rule);
    }
}
