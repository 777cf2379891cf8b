package io.weir.extproc.picker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.extproc.testing.ProxySide;
import io.weir.extproc.wire.HeldBytes;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

class RobustnessTest {

    private static final String BODY = "{\"model\":\"m\",\"prompt\":\"x\"}";
    private static final List<Consumer<ProxySide>> WHOLE =
            List.of(
                    proxy -> proxy.chatHeaders(),
                    proxy -> proxy.requestBody(BODY.substring(0, 9), false),
                    proxy -> proxy.requestBody(BODY.substring(9), true),
                    proxy -> proxy.answer(false, ":status", "200", "content-type", "text/plain"),
                    proxy -> proxy.responseBody("a", false),
                    proxy -> proxy.responseBody("b", true));
    private static final List<Consumer<ProxySide>> ODD =
            List.of(
                    proxy -> proxy.nothing(),
                    proxy -> proxy.requestTrailers(),
                    proxy -> proxy.responseTrailers(),
                    proxy -> proxy.requestHeaders(true, ":method", "GET", ":path", "/"),
                    proxy -> proxy.requestBody("", true),
                    proxy -> proxy.answer(true, ":status", "503"));

    private PickerRig rig = start(Duration.ofMinutes(1), 1 << 30);

    private static PickerRig start(Duration idle, long heldBytes) {
        try {
            PickerOptions options =
                    new PickerOptions(
                            1 << 20,
                            3,
                            false,
                            false,
                            ResponseBodies.NEEDED,
                            idle,
                            UsageAttributes.NONE,
                            false,
                            false);
            return new PickerRig(options, new HeldBytes(heldBytes)).pod(0, 0).ready(null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void restart(Duration idle, long heldBytes) {
        rig.close();
        rig = start(idle, heldBytes);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void nothingIsLeft() {
        await().atMost(Duration.ofSeconds(20)).until(() -> rig.openStreams() == 0);
        assertThat(rig.inFlight()).isZero();
        assertThat(rig.service.heldBytes()).isZero();
    }

    @Test
    void streamsMayEndAtAnyMessage() throws Exception {
        // When
        for (int said = 0; said <= WHOLE.size(); said++) {
            for (boolean orderly : new boolean[] {true, false}) {
                try (ProxySide proxy = rig.open()) {
                    WHOLE.subList(0, said).forEach(message -> message.accept(proxy));
                    if (orderly) {
                        proxy.endStream();
                        assertThat(proxy.hasEnded()).isTrue();
                    }
                }
            }
        }

        // Then
        nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20, 300})
    void messagesInAnyOrderLeaveNothingBehind(long seed) throws Exception {
        // Given
        SplittableRandom random = new SplittableRandom(seed);
        List<Consumer<ProxySide>> all = new ArrayList<>(WHOLE);
        all.addAll(ODD);

        // When
        for (int stream = 0; stream < 200; stream++) {
            try (ProxySide proxy = rig.open()) {
                int messages = random.nextInt(12);
                for (int i = 0; i < messages; i++) {
                    all.get(random.nextInt(all.size())).accept(proxy);
                }
                if (random.nextBoolean()) {
                    proxy.endStream();
                    assertThat(proxy.hasEnded()).as("stream %d of seed %d", stream, seed).isTrue();
                }
            }
        }

        // Then
        nothingIsLeft();
    }

    @Test
    void twiceTheSameHeadersAreRefused() throws Exception {
        // When
        try (ProxySide proxy = rig.open()) {
            proxy.chatHeaders().chatHeaders();

            // Then
            var answer = proxy.reply().getImmediateResponse();
            assertThat(answer.getStatus().getCodeValue()).isEqualTo(400);
        }
        nothingIsLeft();
    }

    @Test
    void tenThousandUnfinishedStreamsHoldTheirBytesAndEndWhenNothingComes() throws Exception {
        // Given
        restart(Duration.ofSeconds(1), 1 << 30);
        List<ProxySide> open = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            open.add(rig.open().chatHeaders().requestBody("{\"model\":\"m\",", false));
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> rig.service.heldBytes() == 13L * open.size());

        // When
        Thread.sleep(1_100);
        rig.service.sweep();

        // Then
        for (ProxySide proxy : open) {
            var answer = proxy.reply().getImmediateResponse();
            assertThat(answer.getStatus().getCodeValue()).isEqualTo(408);
        }
        nothingIsLeft();
    }

    @Test
    void bodiesThatAreTooManyAreRefusedAndOthersGoOn() throws Exception {
        // Given
        restart(Duration.ofMinutes(1), 1_000);
        try (ProxySide first = rig.open();
                ProxySide second = rig.open()) {
            first.chatHeaders().requestBody("{\"prompt\":\"" + "x".repeat(700), false);
            await().until(() -> rig.service.heldBytes() > 700);

            // When
            second.chatHeaders().requestBody("{\"prompt\":\"" + "x".repeat(700), false);
            var answer = second.reply().getImmediateResponse();
            first.requestBody("\",\"model\":\"m\"}", true);

            // Then
            assertThat(answer.getStatus().getCodeValue()).isEqualTo(503);
            assertThat(ProxySide.set(answer.getHeaders())).containsEntry("retry-after", "1");
            assertThat(first.reply().hasRequestHeaders()).isTrue();
        }
        nothingIsLeft();
    }

    @Test
    void aProxyThatReachedNoServerIsNotTakenForAServer() throws Exception {
        // Given
        try (ProxySide proxy = rig.open()) {
            proxy.chatHeaders().requestBody(BODY, true);
            proxy.reply();
            proxy.requestBodyReplies();

            // When
            proxy.answer(true, ":status", "503", "content-type", "text/plain");
            proxy.reply();

            // Then
            assertThat(rig.picker().endpoints().getFirst().inFlightRequests()).isZero();
            assertThat(rig.finished.getFirst().status).isEqualTo(503);
        }
        nothingIsLeft();
    }
}
