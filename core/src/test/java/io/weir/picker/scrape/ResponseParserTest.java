package io.weir.picker.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

class ResponseParserTest {

    private static final String CHUNKED =
            lines(
                    "HTTP/1.1 200 OK",
                    "Transfer-Encoding: chunked",
                    "",
                    "5",
                    "hello",
                    "1;x=y",
                    " ",
                    "A",
                    "0123456789",
                    "0",
                    "Trailer: t",
                    "",
                    "");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20_000})
    void aBodyWithALengthIsRead(int bytesAtOnce) throws IOException {
        Answer answer =
                read(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ncontent-length: 5\r\n\r\nhello",
                        bytesAtOnce);
        assertThat(answer).isEqualTo(new Answer(200, "hello", true));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20_000})
    void chunksAreRead(int bytesAtOnce) throws IOException {
        assertThat(read(CHUNKED, bytesAtOnce)).isEqualTo(new Answer(200, "hello 0123456789", true));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20_000})
    void aBodyWithoutALengthLastsUntilTheConnectionCloses(int bytesAtOnce) throws IOException {
        assertThat(read("HTTP/1.0 200 OK\n\nall\nof it", bytesAtOnce))
                .isEqualTo(new Answer(200, "all\nof it", false));
    }

    @Test
    void aServerMayCloseTheConnection() throws IOException {
        assertThat(read("HTTP/1.1 503 Busy\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n", 99))
                .isEqualTo(new Answer(503, "", false));
    }

    @Test
    void announcementsAreSkipped() throws IOException {
        assertThat(
                        read(
                                lines(
                                        "HTTP/1.1 100 Continue",
                                        "",
                                        "HTTP/1.1 200 OK",
                                        "Content-Length: 2",
                                        "",
                                        "ok"),
                                99))
                .isEqualTo(new Answer(200, "ok", true));
    }

    @Test
    void aLargeBodyIsReadPieceByPiece() throws IOException {
        String body = "0123456789".repeat(10_000);
        assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body, 5000).body())
                .isEqualTo(body);
    }

    @Test
    void whatComesBehindTheAnswerIsNotTaken() throws IOException {
        // Given
        byte[] bytes = bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok more");
        ResponseParser parser = new ResponseParser();

        // When
        parser.begin((_, _, _) -> {});
        int end = parser.feed(bytes, 0, bytes.length);

        // Then
        assertThat(parser.isDone()).isTrue();
        assertThat(end).isEqualTo(bytes.length - " more".length());
    }

    @Test
    void theBodyOfAnErrorIsSkipped() throws IOException {
        assertThat(read("HTTP/1.1 404 No\r\nContent-Length: 5\r\n\r\nsorry", 3))
                .isEqualTo(new Answer(404, "", true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH_9.2p1\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n"
            })
    void whatIsNoAnswerIsRefused(String text) {
        assertThatThrownBy(() -> read(text, 1000)).isInstanceOf(IOException.class);
    }

    @Test
    void endlessHeadersAreRefused() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(200), 1000))
                .hasMessageContaining("100 headers");
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\na: " + "b".repeat(20_000), 1000))
                .hasMessageContaining("line is longer");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines);
    }

    private record Answer(int status, String body, boolean keepsAlive) {}

    private static Answer read(String text, int bytesAtOnce) throws IOException {
        byte[] bytes = bytes(text);
        StringBuilder body = new StringBuilder();
        ResponseParser parser = new ResponseParser();
        parser.begin((piece, from, to) ->
                body.append(new String(piece, from, to - from, StandardCharsets.UTF_8)));
        int next = 0;
        while (next < bytes.length && !parser.isDone()) {
            next = parser.feed(bytes, next, Math.min(bytes.length, next + bytesAtOnce));
        }
        if (!parser.end()) {
            throw new EOFException("incomplete");
        }
        assertThat(next).isEqualTo(bytes.length);
        return new Answer(parser.status(), body.toString(), parser.keepsAlive());
    }
}
