package io.weir.resource.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.resource.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;

/** Whatever the bytes, there is an answer and never an exception. */
@Timeout(60)
class MalformedInputTest {

    private static final String ROUTE =
            """
            # a comment
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata:
              name: "llm-route"
              labels: {app: 'a', tier: "b"}
              annotations:
                note: |
                  several
                  lines
            spec:
              parentRefs:
              - name: gateway
              rules:
              - matches:
                - path: &path
                    type: PathPrefix
                    value: /v1
                - path: *path
                backendRefs:
                - name: pool
                  kind: InferencePool
                  group: inference.networking.k8s.io
                  weight: 0x1F
            ---
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"},
             "data": {"a": "b\\u00e9"}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`a:\n\t- b` | 2: a tab at column 1 (indent with spaces)",
                "`a: b: c` | 1: a second \":\" at column 5 (put each \"name: value\" on its own line,"
                        + " or quotes around a value that contains \": \")",
                "`a: b\nc\nd: e` | 2: a name without \":\" at column 1 (write \"name: value\")",
                "`a:\n- [b, c` | 2: what begins at column 3 has no end (close the quote or bracket)",
                "`a: \"b\n` | 1: what begins at column 4 has no end (close the quote or bracket)",
                "`a:\n  b: c\n d: e` | 3: indentation at column 2 fits nothing above (line it up with"
                        + " its siblings of what began on line 1)",
                "`a: {b: c]` | 1: no \",\" or closing bracket at column 9 of what was opened on line"
                        + " 1",
                "`a: %b` | 1: character '%' that cannot start any token at column 4 (put quotes"
                        + " around the value)",
                "`a: *b` | 1: *b (expected: the name of an anchor that is complete further up)",
                "`a: &b [*b]` | 1: *b (expected: the name of an anchor that is complete further up)",
                "`a: !ruby/object x` | 1: tag !ruby/object (expected: no tag)",
                "`a: !!int x` | 1: tag tag:yaml.org,2002:int (expected: no tag)",
                "`a: !!set {b}` | 1: tag tag:yaml.org,2002:set (expected: no tag)",
                "`a: 1\nb: 2\na: 3` | 3: a: given twice, first on line 1 (expected: once)",
                "`? [a]\n: b` | 1: a name that is not text (expected: name: value)",
                "`~: b` | 1: an empty name (expected: name: value)",
                "`<<: b` | 1: <<: \"b\" (expected: an alias of a map)",
                "`just words` | 1: \"just words\" (expected: an object with apiVersion, kind and"
                        + " metadata)",
                "`- a\n- b` | 1: a list (expected: an object with apiVersion, kind and metadata)",
                "`# c\n\n---\n\n12` | 3: 12 (expected: an object with apiVersion, kind and metadata)",
                "`{\"a\": 1,\n\"a\": 2}` | 2: a: given twice (expected: once)",
            })
    void messagesSayWhatToDo(String text, String message) {
        assertThat(ManifestTesting.read(text).problems())
                .extracting(Problem::toString)
                .containsExactly("file.yaml:" + message);
    }

    @Test
    void jsonErrorsAreToldAsJsonInJsonFiles() {
        Manifests read = new ManifestReader().read("a.json", "\n{\"a\": [1, }".getBytes(UTF_8));
        assertThat(read.problems())
                .singleElement()
                .asString()
                .startsWith("a.json:2: not valid JSON: Unexpected character");
    }

    @Test
    void errorsInSecretsDoNotShowThem() {
        String text = "{\"kind\": \"Secret\", \"data\": {\"a\": hunter2}, }}";
        Manifests read = new ManifestReader().read("a.json", text.getBytes(UTF_8));
        assertThat(read.problems())
                .singleElement()
                .asString()
                .isEqualTo("a.json:1: not valid JSON");
    }

    @Test
    void truncatedDocumentsAreReadOrExplainedAtEveryCharacter() {
        for (int end = 0; end < ROUTE.length(); end++) {
            mustAnswer(ROUTE.substring(0, end).getBytes(UTF_8));
        }
    }

    @Test
    void theWholeTextIsFine() {
        LoadResult result = ManifestTesting.load(ROUTE);
        assertThat(result.problems()).isEmpty();
        assertThat(result.objects().size()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void changedBytesAreReadOrExplained(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = ROUTE.getBytes(UTF_8);
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            mustAnswer(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void randomBytesAreExplained(long seed) {
        Random random = new Random(seed);
        String alphabet = "{}[]:,-&*!|>'\"%@` \n\t#?~<a1.\0";
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(60); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            mustAnswer(text.toString().getBytes(UTF_8));
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            mustAnswer(bytes);
        }
    }

    @Test
    void notUtf8IsToldWithItsLine() {
        byte[] bytes = "a: b\nc: \u00e9".getBytes(UTF_8);
        bytes[bytes.length - 1] = (byte) 0xFF;
        assertThat(new ManifestReader().read("a.yaml", bytes).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "a.yaml:2: byte 0xC3 (expected: text in UTF-8; save the file as UTF-8)");
    }

    @Test
    void utf16IsToldToo() {
        byte[] bytes = "a: b".getBytes(java.nio.charset.StandardCharsets.UTF_16);
        assertThat(new ManifestReader().read("a.yaml", bytes).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "a.yaml:1: byte 0xFE (expected: text in UTF-8; save the file as UTF-8)");
    }

    @Test
    void aByteOrderMarkAndWindowsLinesAreFine() {
        LoadResult result = ManifestTesting.load("\uFEFF" + ROUTE.replace("\n", "\r\n"));
        assertThat(result.problems()).isEmpty();
        assertThat(result.objects().size()).isEqualTo(2);
    }

    @Test
    void nulCharactersAreToldWithTheirLine() {
        assertThat(ManifestTesting.problems("a: b\nc: d\0e"))
                .containsExactly(
                        "file.yaml:2: character U+0000 (expected: printable text in UTF-8)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? ", "{\"a\":", "[[{", "&a [", "!!seq ["})
    void deepNestingIsRefused(String open) {
        LoadResult result = ManifestTesting.load(open.repeat(200_000));
        assertThat(result.hasErrors()).isTrue();
        assertThat(result.problems()).hasSize(1);
    }

    @Test
    void nestingUpToTheLimitIsFine() {
        String text = "a: " + "[".repeat(99) + "]".repeat(99);
        assertThat(ManifestTesting.read(text).problems()).isEmpty();
        String deeper = "a: " + "[".repeat(101) + "]".repeat(101);
        assertThat(ManifestTesting.read(deeper).problems())
                .extracting(Problem::message)
                .containsExactly("nested too deeply (expected: at most 100 levels)");
    }

    @Test
    void aliasesThatMultiplyAreRefused() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            String alias = "*a" + (i - 1);
            String list = String.join(", ", java.util.Collections.nCopies(10, alias));
            text.append("a%d: &a%d [%s]\n".formatted(i, i, list));
        }
        assertThat(ManifestTesting.read(text.toString()).problems())
                .extracting(Problem::message)
                .containsExactly(
                        "too many values (expected: at most 2000000 in a document, with aliases"
                                + " expanded)");
    }

    @Test
    void mergedMapsThatMultiplyAreRefused() {
        StringBuilder text = new StringBuilder("a0: &a0 {x: [1, 2, 3, 4, 5, 6, 7, 8]}\n");
        for (int i = 1; i < 20; i++) {
            String alias = "*a" + (i - 1);
            text.append("a%d: &a%d {x: [%s, %s, %s]}\n".formatted(i, i, alias, alias, alias));
        }
        assertThat(ManifestTesting.read(text.toString()).problems()).hasSize(1);
    }

    @Test
    void aValueOfTenMegabytesIsRefusedWithoutRepeatingIt() {
        String json =
                """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"},
                "data": {"a": "%s"}}
                """;
        assertThat(ManifestTesting.problems(json.formatted("x".repeat(10 << 20))))
                .containsExactly(
                        "file.yaml:2: ConfigMap default/a data: 10485760 characters (expected: at"
                                + " most 1048576)");
        assertThat(
                        ManifestTesting.problems(
                                json.replace("\"a\"}", '"' + "x".repeat(10 << 20) + "\"}")))
                .allSatisfy(problem -> assertThat(problem).hasSizeLessThan(500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"data: {a: %s}", "data: {a: \"%s\"}", "%s: a", "data: |\n %s"})
    void aLineOfTenMegabytesIsRefused(String text) {
        assertThat(ManifestTesting.problems(text.formatted("x".repeat(10 << 20))))
                .singleElement()
                .asString()
                .contains("a line of 104857")
                .endsWith(" characters (expected: at most 1048576 in YAML)");
    }

    @Test
    void aBlockOfTenMegabytesIsRefused() {
        String text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n";
        assertThat(ManifestTesting.problems(text + "    0123456789\n".repeat(1 << 20)))
                .containsExactly(
                        "file.yaml:4: ConfigMap default/a data: 11534336 characters (expected: at"
                                + " most 1048576)");
    }

    @Test
    void aFileThatIsTooLargeIsRefused() {
        Manifests read = new ManifestReader(new Limits(10, 5, 5)).read("a", new byte[11]);
        assertThat(read.problems())
                .extracting(Problem::toString)
                .containsExactly("a: 11 bytes (expected: at most 10 bytes)");
    }

    @Test
    void veryManyProblemsAreNotAllTold() {
        StringBuilder text = new StringBuilder("a: 1\n");
        text.repeat("a: 1\n", 10_000);
        assertThat(ManifestTesting.problems(text.toString())).hasSize(Findings.MAX);
    }

    @Test
    void veryManyDocumentsAreRefused() {
        String text = "--- a\n".repeat(TextDocuments.MAX + 1);
        assertThat(ManifestTesting.problems(text))
                .containsExactly("file.yaml:100001: 100001 documents (expected: at most 100000)");
    }

    private static void mustAnswer(byte[] bytes) {
        LoadResult result =
                ManifestTesting.loader()
                        .loadTexts(List.of(new SourceText("file.yaml", bytes)), LoadResult.EMPTY);
        result.problems().forEach(problem -> assertThat(problem.message()).isNotBlank());
        EndpointsFile.read("file.yaml", bytes);
    }
}
