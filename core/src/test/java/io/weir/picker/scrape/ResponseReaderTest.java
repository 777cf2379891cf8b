package io.weir.picker.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

class ResponseReaderTest {

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

    private static String lines(String... lines) {
        return String.join("\r\n", lines);
    }

    private record Answer(int status, String body, boolean keepsAlive) {}

    private static Answer read(String text, int bytesAtOnce) throws IOException {
        InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        ResponseReader reader =
                new ResponseReader((bytes, from, length) ->
                        in.read(bytes, from, Math.min(length, bytesAtOnce)));
        reader.begin();
        int status = reader.readHead();
        StringBuilder body = new StringBuilder();
        reader.readBody((bytes, from, to) ->
                body.append(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
        return new Answer(status, body.toString(), reader.keepsAlive());
    }
}
