package io.weir.extproc.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.weir.extproc.plugin.BodyPluginProvider;
import io.weir.extproc.testing.ProxySide;
import io.weir.model.BaseModels;
import io.weir.picker.plugin.PluginParameters;
import io.weir.picker.plugin.PluginProvider;
import io.weir.picker.setup.InstalledPlugins;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

/** The example of a plugin of one's own, from its sources to the proxy. */
class BodyPluginTest {

    private static final Path EXAMPLE = Path.of("..", "examples", "own-body-plugin", "src");
    private static final String JSON = "application/json";

    @TempDir static Path folder;

    private static Path jar = Path.of("");

    private final List<String> ran = new ArrayList<>();

    @BeforeAll
    static void build() throws IOException {
        jar = jar();
    }

    private ProxySide proxy(String... parameters) {
        Map<String, String> values =
                parameters.length == 0 ? Map.of() : Map.of(parameters[0], parameters[1]);
        var factory =
                requireNonNull(
                        InstalledPlugins.of(jar.toString(), BodyPluginProvider.class)
                                .getFirst()
                                .factories()
                                .get("team-from-body"));
        var plugin = factory.create(new PluginParameters("parameters", values));
        var chain = new PluginChain(List.of(new PluginChain.Named("team-from-body", "t", plugin)));
        RouterObserver observer =
                new RouterObserver() {
                    @Override
                    public void pluginRan(String point, PluginChain.Named named, long nanos) {
                        ran.add(point + " " + named.name());
                    }
                };
        return new ProxySide(
                new BodyRouterService(
                        () -> new BaseModels(Map.of(), Set.of("m")),
                        observer,
                        RouterOptions.DEFAULTS.withBodyLimit(10_000).withPlugins(chain)));
    }

    private static final String BODY =
            "{\"n\": 1.0, \"team\":\"blue\",\"big\":12345678901234567890,\"model\":\"m\"}";

    @Test
    void aRequestPluginChangesHeadersAndBodyAndTheRouterSeesWhatItLeft() throws Exception {
        try (ProxySide proxy = proxy()) {
            proxy.chatHeaders("x-team", "forged").requestBody(BODY, true);

            CommonResponse headers = proxy.reply().getRequestHeaders().getResponse();
            String sent = proxy.requestBodyReplies();
            assertThat(sent).isEqualTo("{\"n\":1.0,\"big\":12345678901234567890,\"model\":\"m\"}");
            assertThat(ProxySide.set(headers.getHeaderMutation()))
                    .containsEntry("x-team", "blue")
                    .containsEntry("X-Gateway-Model-Name", "m")
                    .containsEntry("X-Gateway-Base-Model-Name", "m")
                    .containsEntry("content-length", "" + sent.length());
            assertThat(ran).containsExactly("request t");
        }
    }

    @Test
    void aBodyThatNoPluginChangesPassesByteForByte() throws Exception {
        try (ProxySide proxy = proxy()) {
            String body = "{ \"model\" :\"m\" }";
            proxy.chatHeaders("x-team", "forged").requestBody(body, true);

            CommonResponse headers = proxy.reply().getRequestHeaders().getResponse();
            assertThat(proxy.requestBodyReplies()).isEqualTo(body);
            assertThat(headers.getHeaderMutation().getRemoveHeadersList()).contains("x-team");
        }
    }

    @Test
    void aRequestThatThePluginDoesNotSeeLosesItsHeaders() throws Exception {
        try (ProxySide proxy = proxy()) {
            proxy.requestHeaders(true, ":method", "GET", ":path", "/v1/models", "x-team", "forged");

            CommonResponse headers = proxy.reply().getRequestHeaders().getResponse();
            assertThat(headers.getHeaderMutation().getRemoveHeadersList()).contains("x-team");
        }
    }

    @Test
    void aPluginRefusesRequests() throws Exception {
        try (ProxySide proxy = proxy()) {
            proxy.chatHeaders().requestBody("{\"model\":\"m\",\"team\":7}", true);

            ImmediateResponse answer = proxy.reply().getImmediateResponse();
            assertThat(answer.getStatus().getCodeValue()).isEqualTo(400);
            assertThat(answer.getBody().toStringUtf8()).contains("team: must be a team's name");
        }
    }

    @Test
    void aResponsePluginSeesJsonAsAWholeAndWhatTheRequestLeft() throws Exception {
        try (ProxySide proxy = proxy()) {
            asked(proxy, BODY);
            proxy.answer(false, ":status", "200", "content-type", JSON, "content-length", "8");
            assertThat(proxy.isSilent()).isTrue();
            proxy.responseBody("{\"a\":", false).responseBody("1}", true);

            CommonResponse headers = proxy.reply().getResponseHeaders().getResponse();
            String answer = "{\"a\":1,\"team\":\"blue\"}";
            assertThat(ProxySide.set(headers.getHeaderMutation()))
                    .containsEntry("content-length", "" + answer.length());
            assertThat(proxy.responsePiece()).isEqualTo(answer + "|");
        }
    }

    @Test
    void trailersEndAnAnswerThatIsHeld() throws Exception {
        try (ProxySide proxy = proxy()) {
            asked(proxy, BODY);
            proxy.answer(false, ":status", "200", "content-type", JSON);
            proxy.responseBody("{}", false).responseTrailers();

            assertThat(proxy.reply().hasResponseHeaders()).isTrue();
            assertThat(proxy.responsePiece()).isEqualTo("{\"team\":\"blue\"}");
            assertThat(proxy.reply().hasResponseTrailers()).isTrue();
        }
    }

    @Test
    void streamsAndWhatIsNoJsonPassPieceByPiece() throws Exception {
        for (String type : List.of("text/event-stream", "text/plain")) {
            try (ProxySide proxy = proxy()) {
                asked(proxy, BODY);
                proxy.answer(false, ":status", "200", "content-type", type);
                assertThat(proxy.reply().hasResponseHeaders()).isTrue();
                proxy.responseBody("data: {}\n\n", false);
                assertThat(proxy.responsePiece()).isEqualTo("data: {}\n\n");
            }
        }
    }

    @Test
    void anAnswerThatIsTooLargeOrBrokenPassesUnread() throws Exception {
        for (String body : List.of("{\"a\":\"" + "x".repeat(20_000) + "\"}", "{\"a\":")) {
            try (ProxySide proxy = proxy()) {
                asked(proxy, BODY);
                proxy.answer(false, ":status", "200", "content-type", JSON);
                proxy.responseBody(body.substring(0, 4), false);
                proxy.responseBody(body.substring(4), true);

                assertThat(proxy.reply().hasResponseHeaders()).isTrue();
                StringBuilder all = new StringBuilder();
                while (all.indexOf("|") < 0) {
                    all.append(proxy.responsePiece());
                }
                assertThat(all).hasToString(body + "|");
            }
        }
    }

    @Test
    void inBufferedModeTheBodysAnswerCarriesTheChanges() throws Exception {
        try (ProxySide proxy = proxy("header", "x-group").mode(BodySendMode.BUFFERED)) {
            proxy.chatHeaders();
            assertThat(proxy.reply().hasRequestHeaders()).isTrue();
            proxy.requestBody(BODY, true);
            CommonResponse request = proxy.reply().getRequestBody().getResponse();
            assertThat(ProxySide.set(request.getHeaderMutation())).containsEntry("x-group", "blue");
            assertThat(request.getBodyMutation().getBody().toStringUtf8()).doesNotContain("blue");

            proxy.answer(false, ":status", "200", "content-type", JSON);
            assertThat(proxy.reply().hasResponseHeaders()).isTrue();
            proxy.responseBody("{}", true);
            CommonResponse answer = proxy.reply().getResponseBody().getResponse();
            assertThat(answer.getBodyMutation().getBody().toStringUtf8())
                    .isEqualTo("{\"team\":\"blue\"}");
        }
    }

    @Test
    void pluginsDoNotSeeBodiesThatTheProxyCutOff() throws Exception {
        try (ProxySide proxy = proxy().mode(BodySendMode.BUFFERED_PARTIAL)) {
            proxy.chatHeaders();
            proxy.reply();
            proxy.requestBody(BODY.substring(0, BODY.length() - 1), false);

            ImmediateResponse answer = proxy.reply().getImmediateResponse();
            assertThat(answer.getStatus().getCodeValue()).isEqualTo(413);
            assertThat(answer.getBody().toStringUtf8()).contains("plugins need all of it");
            assertThat(ran).isEmpty();
        }
    }

    @Test
    void anAnswerThatTheProxyCutOffPassesUnread() throws Exception {
        try (ProxySide proxy = proxy().mode(BodySendMode.BUFFERED_PARTIAL)) {
            proxy.chatHeaders();
            proxy.reply();
            proxy.requestBody(BODY, true);
            proxy.reply();
            proxy.answer(false, ":status", "200", "content-type", JSON);
            proxy.reply();
            proxy.responseBody("{\"a\":", false);

            CommonResponse answer = proxy.reply().getResponseBody().getResponse();
            assertThat(answer.getBodyMutation().getBody().toStringUtf8()).isEqualTo("{\"a\":");
        }
    }

    @Test
    void aJarMayHaveOneKindOfPluginsOnly() throws IOException {
        assertThat(InstalledPlugins.of(jar.toString(), PluginProvider.class)).isEmpty();
        Path empty = folder.resolve("empty.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(empty))) {
            out.putNextEntry(new JarEntry("nothing.txt"));
        }
        assertThatThrownBy(() -> InstalledPlugins.of(empty.toString(), BodyPluginProvider.class))
                .hasMessageContaining("BodyPluginProvider");
    }

    private static void asked(ProxySide proxy, String body) throws InterruptedException {
        proxy.chatHeaders().requestBody(body, true);
        proxy.reply();
        proxy.requestBodyReplies();
    }

    private static Path jar() throws IOException {
        Path classes = folder.resolve("classes");
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("-proc:none", "-cp", System.getProperty("java.class.path")));
        arguments.addAll(List.of("-d", classes.toString()));
        files(EXAMPLE.resolve("com"))
                .forEach(
                        source -> arguments.add(EXAMPLE.resolve("com").resolve(source).toString()));
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, arguments.toArray(String[]::new));
        assertThat(status).isZero();
        Path target = folder.resolve("own-body-plugin.jar");
        try (var out = new JarOutputStream(Files.newOutputStream(target))) {
            for (Path file : files(classes)) {
                add(out, classes, file);
            }
            add(
                    out,
                    EXAMPLE,
                    Path.of("META-INF/services").resolve(BodyPluginProvider.class.getName()));
        }
        return target;
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).map(root::relativize).toList();
        }
    }

    private static void add(JarOutputStream out, Path root, Path file) throws IOException {
        out.putNextEntry(new JarEntry(file.toString().replace('\\', '/')));
        Files.copy(root.resolve(file), out);
    }
}
