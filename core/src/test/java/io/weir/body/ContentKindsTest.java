package io.weir.body;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentKindsTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "POST, /v1/chat/completions, application/json, -, SCAN",
                "POST, /v1/chat/completions, Application/JSON; charset=utf-8, identity, SCAN",
                "POST, /anything, application/json, -, SCAN",
                "PUT, /anything, application/merge-patch+json, '', SCAN",
                "POST, /v1/completions, -, -, SCAN",
                "POST, /v1/completions, application/x-www-form-urlencoded, -, SCAN",
                "POST, /v1/completions?x=1, text/plain;charset=UTF-8, -, SCAN",
                "POST, /other, -, -, PASS_THROUGH",
                "POST, /v1x, -, -, PASS_THROUGH",
                "POST, /v1/audio/transcriptions, multipart/form-data; boundary=x, -, PASS_THROUGH",
                "POST, /v1/files, application/octet-stream, gzip, PASS_THROUGH",
                "POST, /v1/x, text/json-ish, -, PASS_THROUGH",
                "POST, /v1/x, application/jsonl, -, PASS_THROUGH",
                "GET, /v1/models, application/json, -, PASS_THROUGH",
                "DELETE, /v1/files/1, application/json, gzip, PASS_THROUGH",
                "POST, /v1/completions, application/json, gzip, REFUSE",
                "POST, /v1/completions, application/json, 'identity, br', REFUSE",
                "POST, /v1/completions, -, deflate, REFUSE",
            })
    void theHeadDecides(
            String method,
            String path,
            @Nullable String type,
            @Nullable String encoding,
            ContentKind expected) {
        assertThat(ContentKinds.of(method, path, type, encoding)).isEqualTo(expected);
    }
}
