package io.weir.body;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Compares the scanner with Jackson on bodies that are random, cut and damaged. */
class BodyScannerFuzzTest {

    private static final long SEED = Long.getLong("weir.test.seed", 20261121L);

    /** What came of a body, comparable. */
    private record Outcome(@Nullable BodyFacts facts, String refusal) {}

    @Test
    void readsWhatJacksonReads() throws BodyException {
        RandomBodies bodies = new RandomBodies(new SplittableRandom(SEED));
        for (int i = 0; i < 3_000; i++) {
            byte[] body = Bodies.bytes(bodies.next());

            BodyFacts facts = Bodies.scan(body);

            JsonNode tree = requireNonNull(Oracle.read(body));
            assertSame(body, facts, tree, about(body, i));
            assertThat(promptTexts(body, facts))
                    .as(about(body, i))
                    .isEqualTo(Oracle.promptTexts(tree));
        }
    }

    @Test
    void anySplitGivesTheSameFacts() throws BodyException {
        RandomBodies bodies = new RandomBodies(new SplittableRandom(SEED + 1));
        for (int i = 0; i < 120; i++) {
            byte[] body = Bodies.bytes(bodies.next());
            BodyFacts whole = Bodies.scan(body);
            for (int split = 0; split <= body.length; split++) {
                assertThat(Bodies.scan(body, BodyLimits.DEFAULTS, split))
                        .as("seed %d, body %d, split at %d", SEED, i, split)
                        .isEqualTo(whole);
            }
            assertThat(Bodies.scanBytewise(body, BodyLimits.DEFAULTS)).isEqualTo(whole);
        }
    }

    @Test
    void damagedBodiesAreRefusedWhenJacksonRefusesThem() throws IOException {
        SplittableRandom random = new SplittableRandom(SEED + 2);
        RandomBodies bodies = new RandomBodies(random);
        int malformed = 0;
        int ambiguous = 0;
        for (int i = 0; i < 12_000; i++) {
            byte[] body = damaged(Bodies.bytes(bodies.next()), random);
            Outcome outcome = outcome(body, body.length);
            JsonNode tree = Oracle.read(body);

            String about = about(body, i) + outcome.refusal();
            if (tree == null) {
                malformed++;
                assertThat(outcome.facts()).as(about).isNull();
            } else if (Oracle.isAmbiguous(body)) {
                ambiguous++;
                assertThat(outcome.refusal()).as(about).startsWith("Request body is refused: ");
            } else {
                assertThat(outcome.refusal()).as(about).isEmpty();
                assertSame(body, requireNonNull(outcome.facts()), tree, about);
            }
        }
        assertThat(malformed).isBetween(3_000, 11_000);
        assertThat(ambiguous).isGreaterThan(20);
    }

    @Test
    void anySplitOfADamagedBodyGivesTheSameOutcome() {
        SplittableRandom random = new SplittableRandom(SEED + 3);
        RandomBodies bodies = new RandomBodies(random);
        for (int i = 0; i < 120; i++) {
            byte[] body = damaged(Bodies.bytes(bodies.next()), random);
            Outcome whole = outcome(body, body.length);
            for (int split = 0; split <= body.length; split++) {
                assertThat(outcome(body, split)).as(about(body, i) + split).isEqualTo(whole);
            }
        }
    }

    @Test
    void theKindOfBufferMakesNoDifference() throws BodyException {
        RandomBodies bodies = new RandomBodies(new SplittableRandom(SEED + 4));
        BodyScanner scanner = new BodyScanner(BodyLimits.DEFAULTS);
        for (int i = 0; i < 300; i++) {
            byte[] body = Bodies.bytes(bodies.next());
            byte[] padded = new byte[body.length + 8];
            System.arraycopy(body, 0, padded, 5, body.length);
            List<ByteBuffer> buffers =
                    List.of(
                            Bodies.direct(body),
                            Bodies.direct(padded).position(5).limit(5 + body.length).slice(),
                            ByteBuffer.wrap(padded, 5, body.length),
                            ByteBuffer.wrap(padded, 3, body.length + 4)
                                    .slice()
                                    .slice(2, body.length),
                            ByteBuffer.wrap(body).asReadOnlyBuffer());
            BodyFacts expected = Bodies.scan(body);
            for (ByteBuffer buffer : buffers) {
                scanner.reset();
                scanner.feed(buffer);
                assertThat(scanner.finish()).as("%s of body %d", buffer, i).isEqualTo(expected);
                assertThat(buffer.hasRemaining()).isFalse();
            }
        }
    }

    private static void assertSame(byte[] body, BodyFacts facts, JsonNode tree, String about) {
        assertThat(facts.model()).as(about).isEqualTo(Oracle.model(tree));
        assertThat(facts.stream()).as(about).isEqualTo(isTrue(tree.path("stream")));
        assertThat(facts.includeUsage())
                .as(about)
                .isEqualTo(isTrue(tree.path("stream_options").path("include_usage")));
        assertThat(facts.maxTokens()).as(about).isEqualTo(Oracle.maxTokens(tree));
        assertThat(facts.user()).as(about).isEqualTo(user(tree));
        assertThat(facts.emptyObject()).as(about).isEqualTo(tree.isEmpty());
        assertThat(facts.bodyBytes()).as(about).isEqualTo(body.length);
        long end = 0;
        for (ByteRange range : facts.promptRanges()) {
            assertThat(range.start()).as(about).isGreaterThanOrEqualTo(end);
            assertThat(range.isEmpty()).as(about).isFalse();
            end = range.end();
        }
        assertThat(end).as(about).isLessThan(body.length);
    }

    private static List<String> promptTexts(byte[] body, BodyFacts facts) {
        return facts.promptRanges().stream()
                .filter(range -> body[(int) range.start() - 1] == '"')
                .map(range -> Oracle.decode(Bodies.text(body, range)))
                .toList();
    }

    private static @Nullable String user(JsonNode tree) {
        // Half a surrogate pair can't be written in UTF-8.
        JsonNode user = tree.path("user");
        return user.isTextual() ? user.asText().replaceAll("\\p{Cs}", "\ufffd") : null;
    }

    private static boolean isTrue(JsonNode node) {
        return node.isBoolean() && node.asBoolean();
    }

    private static Outcome outcome(byte[] body, int split) {
        try {
            return new Outcome(Bodies.scan(body, BodyLimits.DEFAULTS, split), "");
        } catch (BodyException e) {
            return new Outcome(null, String.valueOf(e.getMessage()));
        }
    }

    private static byte[] damaged(byte[] body, SplittableRandom random) {
        byte[] result = body;
        for (int i = random.nextInt(1, 3); i > 0; i--) {
            int at = random.nextInt(result.length);
            result =
                    switch (random.nextInt(4)) {
                        case 0 -> replaced(result, at, random.nextInt(256));
                        case 1 ->
                                replaced(
                                        result,
                                        at,
                                        "{}[]\",:\\0-.eu \n".charAt(random.nextInt(15)));
                        case 2 -> without(result, at);
                        default -> doubled(result, at, random.nextInt(1, 60));
                    };
        }
        return result;
    }

    private static byte[] replaced(byte[] body, int at, int with) {
        byte[] result = body.clone();
        result[at] = (byte) with;
        return result;
    }

    private static byte[] without(byte[] body, int at) {
        byte[] result = Arrays.copyOf(body, body.length - 1);
        System.arraycopy(body, at + 1, result, at, result.length - at);
        return result.length == 0 ? body : result;
    }

    private static byte[] doubled(byte[] body, int at, int length) {
        int copied = Math.min(length, body.length - at);
        byte[] result = Arrays.copyOf(body, body.length + copied);
        System.arraycopy(body, at, result, at + copied, body.length - at);
        return result;
    }

    private static String about(byte[] body, int i) {
        return "seed "
                + SEED
                + ", body "
                + i
                + ": "
                + Bodies.text(body, new ByteRange(0, body.length))
                + " ";
    }
}
