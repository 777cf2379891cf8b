package io.weir.resource.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class ManifestReaderTest {

    @Test
    void documentsAreSeparatedAndEmptyOnesSkipped() {
        Manifests read =
                ManifestTesting.read(
                        """
                        ---
                        # nothing here
                        ---
                        a: 1
                        --- # a comment
                        --- {a: 2}
                        ---
                        null
                        ---
                        a: 3
                        ...
                        # between
                        a: 4
                        ---
                        a: |
                          text
                          --- not a marker
                        """);
        assertThat(read.problems()).isEmpty();
        assertThat(read.objects())
                .extracting(object -> object.tree().get("a").asText())
                .containsExactly("1", "2", "3", "4", "text\n--- not a marker\n");
        assertThat(read.objects())
                .extracting(object -> object.lines().origin().line())
                .containsExactly(4, 6, 10, 13, 15);
    }

    @Test
    void directivesBelongToTheDocumentThatFollows() {
        Manifests read = ManifestTesting.read("%YAML 1.1\n---\na: 1\n---\na: 2\n");
        assertThat(read.problems()).isEmpty();
        assertThat(read.objects()).hasSize(2);
    }

    @Test
    void listsAreUnfolded() {
        Manifests read =
                ManifestTesting.read(
                        """
                        apiVersion: v1
                        kind: List
                        items:
                        - kind: A
                          name: a
                        - apiVersion: v1
                          kind: BList
                          items:
                          - kind: B
                            name: b
                        - broken
                        """);
        assertThat(read.objects())
                .extracting(object -> object.tree().get("kind").asText())
                .containsExactly("A", "B");
        assertThat(read.objects())
                .extracting(object -> object.lines().origin("name").line())
                .containsExactly(5, 10);
        assertThat(read.problems()).hasSize(1);
    }

    @Test
    void jsonMayHaveSeveralValuesTabsAndEscapes() {
        Manifests read =
                ManifestTesting.read(
                        "{\n\t\"a\": \"x\\/y\",\n\t\"b\": [1, 2.5, true, null, \"\\ud83d\\ude00\"]"
                                + "\n}\n{\"a\": 2}\n---\n{\"a\": 12345678901234567890}\n");
        assertThat(read.problems()).isEmpty();
        assertThat(read.objects())
                .extracting(object -> object.tree().get("a").asText())
                .containsExactly("x/y", "2", "12345678901234567890");
        assertThat(read.objects().getFirst().tree().get("b").get(4).asText()).isEqualTo("😀");
        assertThat(read.objects().getFirst().lines().origin("b[1]").line()).isEqualTo(3);
    }

    @Test
    void yamlInBracesIsReadToo() {
        Manifests read = ManifestTesting.read("{a: 1, b: [c, d]}");
        assertThat(read.problems()).isEmpty();
        assertThat(read.objects().getFirst().tree()).hasToString("{\"a\":1,\"b\":[\"c\",\"d\"]}");
    }

    @Test
    void anchorsAndMergesAreFollowed() {
        Manifests read =
                ManifestTesting.read(
                        """
                        base: &base {a: 1, b: 2}
                        other: &other {b: 3, c: 4}
                        one: {<<: *base, b: 9}
                        two:
                          <<: [*base, *other]
                        again: *base
                        """);
        assertThat(read.problems()).isEmpty();
        assertThat(read.objects().getFirst().tree())
                .hasToString(
                        "{\"base\":{\"a\":1,\"b\":2},\"other\":{\"b\":3,\"c\":4},"
                                + "\"one\":{\"b\":9,\"a\":1},\"two\":{\"a\":1,\"b\":2,\"c\":4},"
                                + "\"again\":{\"a\":1,\"b\":2}}");
    }

    @ParameterizedTest
    @CsvSource({
        "true, BOOLEAN, true",
        "True, BOOLEAN, True",
        "yes, BOOLEAN, yes",
        "off, BOOLEAN, off",
        "n, BOOLEAN, n",
        "yEs, STRING, yEs",
        "~, NULL, null",
        "Null, NULL, null",
        "nil, STRING, nil",
        "12, NUMBER, 12",
        "+12, NUMBER, 12",
        "-0, NUMBER, 0",
        "1_000, NUMBER, 1000",
        "0x1f, NUMBER, 31",
        "0o17, NUMBER, 15",
        "017, NUMBER, 15",
        "0b101, NUMBER, 5",
        "08, NUMBER, 8.0",
        "-0x10, NUMBER, -16",
        "9223372036854775808, NUMBER, 9223372036854775808",
        "1.5, NUMBER, 1.5",
        ".5, NUMBER, 0.5",
        "1., NUMBER, 1.0",
        "1e3, NUMBER, 1000.0",
        "1e, STRING, 1e",
        "., STRING, .",
        "-, STRING, -",
        "+, STRING, +",
        "1.2.3, STRING, 1.2.3",
        "12:30, STRING, 12:30",
        "2026-01-31, STRING, 2026-01-31",
        "2026-01-31T00:00:00Z, STRING, 2026-01-31T00:00:00Z",
        "0x, STRING, 0x",
        "1__, NUMBER, 1",
        "20Mi, STRING, 20Mi",
        ".inf, STRING, .inf",
    })
    void unquotedWordsMeanWhatTheyMeanToKubernetes(String written, String type, String value) {
        var node = YamlScalars.resolve(written);
        assertThat(node.getNodeType()).hasToString(type);
        assertThat(node.asText()).isEqualTo(value);
    }

    @Test
    void quotedWordsAreText() {
        Manifests read = ManifestTesting.read("a: \"true\"\nb: '12'\nc: !!str 5\nd: |\n  yes\n");
        assertThat(read.objects().getFirst().tree())
                .hasToString("{\"a\":\"true\",\"b\":\"12\",\"c\":\"5\",\"d\":\"yes\\n\"}");
    }

    @Test
    void aNameThatMeansTrueIsRemarkedOn() {
        Manifests read = ManifestTesting.read("a: {y: 1, 2: x, no: 3}");
        assertThat(read.objects().getFirst().tree())
                .hasToString("{\"a\":{\"true\":1,\"2\":\"x\",\"false\":3}}");
        assertThat(read.problems())
                .extracting(Problem::toString)
                .isEqualTo(
                        List.of(
                                "file.yaml:1: warning: y means true in YAML (write \"y\")",
                                "file.yaml:1: warning: no means false in YAML (write \"no\")"));
    }

    @Test
    void everyFieldHasItsLine() {
        Manifest object =
                ManifestTesting.read(
                                """
                                a:
                                  b.c/d: 1
                                  list:
                                  - x

                                  - y: 2
                                    z: {p: 3,
                                      q: 4}
                                """)
                        .objects()
                        .getFirst();
        assertThat(
                        List.of(
                                line(object, "a"),
                                line(object, "a[b.c/d]"),
                                line(object, "a.list"),
                                line(object, "a.list[0]"),
                                line(object, "a.list[1]"),
                                line(object, "a.list[1].z.p"),
                                line(object, "a.list[1].z.q"),
                                line(object, "a.list[1].z.nothing.there"),
                                line(object, "nothing")))
                .containsExactly(1, 2, 3, 4, 6, 7, 8, 7, 1);
    }

    private static int line(Manifest object, String path) {
        assertThat(FieldPath.parse(path)).hasToString(path);
        return object.lines().origin(path).line();
    }
}
