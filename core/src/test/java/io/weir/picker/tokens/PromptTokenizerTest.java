package io.weir.picker.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.RequestDetails;
import io.weir.picker.RequestHeaders;
import io.weir.picker.SentRequest;
import io.weir.picker.flow.SystemAlarm;
import io.weir.picker.prefix.TokenChain;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A server that tells tokens: in time, too late, or not at all. */
class PromptTokenizerTest {

    private static final String TOKENS = tokens(64);
    private static final String CHAT = "/v1/chat/completions";

    private final TokenClient client = new TokenClient();
    private final SystemAlarm alarm = new SystemAlarm();
    private final PromptTokenizer tokenizer = new PromptTokenizer(client, alarm, System::nanoTime);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch go = new CountDownLatch(1);
    private HttpServer server;
    private Endpoint endpoint;
    private volatile int status = 200;
    private volatile String answer = TOKENS;
    private volatile boolean waits;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
        endpoint = new Endpoint("e", "e", "127.0.0.1", server.getAddress().getPort(), Map.of());
    }

    @AfterEach
    void stop() {
        go.countDown();
        client.close();
        alarm.close();
        server.stop(0);
    }

    @Test
    void aServerIsAskedOnceForPromptsThatAreTheSame() throws Exception {
        // Given
        waits = true;
        Asked one = ask("{\"messages\":[]}");
        Asked two = ask("{\"messages\":[]}");
        await().until(() -> !asked.isEmpty());

        // When
        go.countDown();

        // Then
        assertThat(one.get()).isNotNull().extracting(TokenChain::tokens).isEqualTo(64);
        assertThat(two.get()).isSameAs(one.get());
        assertThat(asked).containsExactly("POST /tokenize {\"messages\":[]} Bearer me");
        assertThat(tokenizer.remembered(question("{\"messages\":[]}", Tokenizing.DEFAULT)))
                .isSameAs(one.get());
        assertThat(tokenizer.remembered(question("{\"messages\":[1]}", Tokenizing.DEFAULT)))
                .isNull();
    }

    @Test
    void anAnswerThatIsTooLateIsForTheNextRequest() throws Exception {
        // Given
        waits = true;
        long before = System.nanoTime();

        // When
        Asked late = ask("{}", budget(Duration.ofMillis(30)));

        // Then
        assertThat(late.get()).isNull();
        assertThat(System.nanoTime() - before).isGreaterThan(Duration.ofMillis(29).toNanos());
        go.countDown();
        await().until(() -> tokenizer.remembered(question("{}", Tokenizing.DEFAULT)) != null);
        assertThat(tokenizer.counts().snapshot().late()).isEqualTo(1);
    }

    @Test
    void noMoreQuestionsAreOpenThanAllowed() {
        waits = true;
        Tokenizing two =
                new Tokenizing(
                        null, null, "/tokenize", Duration.ofSeconds(5), Duration.ofSeconds(5), 2);

        assertThat(ask("{}", two).isAsked()).isTrue();
        assertThat(ask("{ }", two).isAsked()).isTrue();
        assertThat(ask("{  }", two).isAsked()).isFalse();
        assertThat(ask("{ }", two).isAsked()).isTrue();
        assertThat(tokenizer.counts().snapshot().notAsked()).isEqualTo(1);
    }

    @Test
    void nobodyIsAskedForAWhileAfterFiveFailures() throws Exception {
        status = 404;
        for (int i = 0; i < 5; i++) {
            assertThat(ask("{\"n\":" + i + "}").get()).isNull();
        }

        assertThat(ask("{}").isAsked()).isFalse();
        assertThat(asked).hasSize(5);
    }

    @Test
    void requestsThatAreToBlameThemselvesDoNotStopOthers() throws Exception {
        status = 400;
        for (int i = 0; i < 10; i++) {
            assertThat(ask("{\"n\":" + i + "}").get()).isNull();
        }
        status = 200;

        assertThat(ask("{}").get()).isNotNull();
        assertThat(tokenizer.counts().snapshot().failed()).isEqualTo(10);
    }

    @Test
    void answersWithoutTokensAreFailures() throws Exception {
        for (String wrong : List.of("", "{}", "[", "{\"tokens\":[1,\"a\"]}", "{\"tokens\":[1")) {
            answer = wrong;
            assertThat(ask("{\"n\":\"" + wrong.hashCode() + "\"}").get()).isNull();
        }
    }

    @Test
    void aServerThatIsNotThereIsAFailure() throws Exception {
        server.stop(0);

        assertThat(ask("{}").get()).isNull();
    }

    @Test
    void aRendererIsAskedWithoutCredentials() throws Exception {
        answer = "[{\"token_ids\":[1,2,3]}]";
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        Tokenizing rendered =
                new Tokenizing(url, "base", "/x", Duration.ofSeconds(5), Duration.ofSeconds(5), 4);

        assertThat(ask("{}", rendered).get()).isNotNull();
        assertThat(asked).containsExactly("POST /v1/chat/completions/render {}base null");
    }

    @Test
    void onlyCompletionsCanBeAskedAbout() {
        PickRequest request = request("/v1/embeddings", "{}");

        assertThat(TokenQuestion.of(request, Tokenizing.DEFAULT, "", 16, 100)).isNull();
        assertThat(
                        TokenQuestion.of(
                                PickRequest.forModel("m").build(), Tokenizing.DEFAULT, "", 16, 100))
                .isNull();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(
                exchange.getRequestMethod()
                        + " "
                        + exchange.getRequestURI()
                        + " "
                        + body
                        + " "
                        + exchange.getRequestHeaders().getFirst("authorization"));
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        try {
            if (waits && !go.await(10, TimeUnit.SECONDS)) {
                throw new IOException("nobody said go");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Tokenizing budget(Duration budget) {
        return new Tokenizing(null, null, "/tokenize", budget, Duration.ofSeconds(5), 64);
    }

    private Asked ask(String body) {
        return ask(body, budget(Duration.ofSeconds(8)));
    }

    private Asked ask(String body, Tokenizing how) {
        CompletableFuture<@Nullable TokenChain> found = new CompletableFuture<>();
        AtomicBoolean proceeded = new AtomicBoolean();
        boolean isAsked =
                tokenizer.ask(
                        question(body, how),
                        endpoint,
                        tokens -> {
                            boolean isFirst = proceeded.compareAndSet(false, true);
                            if (isFirst) {
                                found.complete(tokens);
                            }
                            return isFirst;
                        });
        return new Asked(isAsked, found);
    }

    private record Asked(boolean isAsked, CompletableFuture<@Nullable TokenChain> found) {

        @Nullable TokenChain get() throws Exception {
            return found.get(10, TimeUnit.SECONDS);
        }
    }

    private static TokenQuestion question(String body, Tokenizing how) {
        return Objects.requireNonNull(TokenQuestion.of(request(CHAT, body), how, "", 16, 1 << 18));
    }

    private static PickRequest request(String path, String body) {
        RequestHeaders headers = Map.of("authorization", "Bearer me")::get;
        return PickRequest.forModel(null)
                .details(
                        new RequestDetails("", 0, 0, false, headers, List.of())
                                .withSent(new Sent(path, body)))
                .build();
    }

    private record Sent(String path, String text) implements SentRequest {

        @Override
        public List<ByteBuffer> body(@Nullable String model) {
            List<ByteBuffer> parts = new ArrayList<>();
            parts.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            if (model != null) {
                parts.add(ByteBuffer.wrap(model.getBytes(StandardCharsets.UTF_8)));
            }
            return parts;
        }

        @Override
        public @Nullable String cacheSalt() {
            return null;
        }
    }

    private static String tokens(int count) {
        StringBuilder text = new StringBuilder("{\"count\":1,\"tokens\":[0");
        for (int i = 1; i < count; i++) {
            text.append(',').append(4_000_000_000L + i);
        }
        return text.append("],\"token_strs\":null}").toString();
    }
}
