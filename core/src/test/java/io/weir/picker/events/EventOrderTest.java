package io.weir.picker.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class EventOrderTest {

    private static final byte[] END = {};

    private final List<String> done = new ArrayList<>();
    private final EventOrder.Reader reader =
            new EventOrder.Reader() {
                @Override
                public void read(byte[] payload) {
                    done.add("" + payload[0]);
                }

                @Override
                public void restarted() {
                    done.add("restarted");
                }

                @Override
                public void gap() {
                    done.add("gap");
                }

                @Override
                public void ask(long from) {
                    done.add("ask " + from);
                }

                @Override
                public void stopAsking() {
                    done.add("stop");
                }
            };
    private final EventOrder order = new EventOrder(reader, true);
    private long nanos = 1_000;

    @Test
    void messagesInOrderAreRead() {
        live(0, 1, 2);

        assertThat(done).containsExactly("0", "1", "2");
        assertThat(order.isComplete()).isTrue();
    }

    @Test
    void missingMessagesAreAskedForWhileLaterOnesWait() {
        // Given
        live(0, 1);

        // When
        live(5, 6);
        assertThat(order.isComplete()).isFalse();
        replayed(2, 3);
        live(7);
        replayed(4, 5);
        order.replayed(-1, END, nanos);
        live(8);

        // Then
        assertThat(done)
                .containsExactly(
                        "0", "1", "gap", "ask 2", "2", "3", "4", "5", "stop", "6", "7", "8");
        assertThat(order.isComplete()).isTrue();
    }

    @Test
    void whoJoinsLateAsksForEverything() {
        live(3);
        replayed(0, 1, 2, 3);
        order.replayed(-1, END, nanos);

        assertThat(done).containsExactly("gap", "ask 0", "0", "1", "2", "3", "stop");
        assertThat(order.isComplete()).isTrue();
    }

    @Test
    void whoBeginsAsksForEverythingAndTakesNothingTwice() {
        order.begin(nanos);
        live(2);
        replayed(0, 1, 2, 3);
        order.replayed(-1, END, nanos);
        live(3, 4);

        assertThat(done).containsExactly("ask 0", "0", "1", "2", "3", "stop", "4");
        assertThat(order.isComplete()).isTrue();
    }

    @Test
    void aServerThatIsNotThereYetIsAskedWhenItIs() {
        order.begin(nanos);
        later(3);
        order.tick(nanos);
        live(7);

        assertThat(done).containsExactly("ask 0", "stop", "gap", "ask 0");
    }

    @Test
    void whatTheServerNoLongerHasIsMissed() {
        live(9);
        replayed(7, 8, 9);
        order.replayed(-1, END, nanos);

        assertThat(done).containsExactly("gap", "ask 0", "7", "8", "9", "stop");
        assertThat(order.isComplete()).isFalse();

        order.cleared();
        assertThat(order.isComplete()).isTrue();
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedForAndNotWantedAgainSoon() {
        // Given
        live(0, 4);

        // When
        order.tick(nanos);
        later(3);
        order.tick(nanos);

        // Then
        assertThat(done).containsExactly("0", "gap", "ask 1", "stop", "4");
        assertThat(order.isComplete()).isFalse();

        // When
        live(6);
        later(31);
        live(8);

        // Then
        assertThat(done).endsWith("gap", "6", "gap", "ask 7");
    }

    @Test
    void withoutReplayWhatIsMissingIsMissed() {
        EventOrder plain = new EventOrder(reader, false);
        plain.message(0, new byte[] {0}, nanos);
        plain.message(2, new byte[] {2}, nanos);

        assertThat(done).containsExactly("0", "gap", "2");
        assertThat(plain.isComplete()).isFalse();
    }

    @Test
    void aNumberThatWasThereBeforeIsThatOfAnotherProcess() {
        live(0, 1, 0, 1);

        assertThat(done).containsExactly("0", "1", "restarted", "0", "1");
        assertThat(order.isComplete()).isTrue();
    }

    @Test
    void aRestartEndsAReplay() {
        live(0, 5);
        live(0);
        replayed(1, 2);

        assertThat(done).containsExactly("0", "gap", "ask 1", "stop", "restarted", "0");
        assertThat(order.isComplete()).isTrue();
    }

    private void live(int... numbers) {
        for (int number : numbers) {
            order.message(number, new byte[] {(byte) number}, nanos);
        }
    }

    private void replayed(int... numbers) {
        for (int number : numbers) {
            order.replayed(number, new byte[] {(byte) number}, nanos);
        }
    }

    private void later(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }
}
