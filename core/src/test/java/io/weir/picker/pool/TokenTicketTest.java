package io.weir.picker.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Decided;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.Ticket;
import io.weir.picker.prefix.TokenChain;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What happens in which order to a request that waits for tokens. */
class TokenTicketTest {

    private static final TokenChain TOKENS = TokenChain.of(new int[0], 0, "", "", 16, 1);
    private static final Refused PICKED = new Refused(Reason.NO_ENDPOINTS, "stands for a pick", 0);
    private static final Refused IN_LINE = new Refused(Reason.EXPIRED, "after a wait in line", 0);

    private final List<String> done = new ArrayList<>();
    private @Nullable PickResult admission;
    private final TokenTicket ticket =
            new TokenTicket(
                    new TokenTicket.Steps() {
                        @Override
                        public @Nullable PickResult admit(@Nullable TokenChain tokens) {
                            done.add("admit");
                            return admission;
                        }

                        @Override
                        public Decided pick(@Nullable TokenChain tokens) {
                            done.add(tokens == null ? "pick without" : "pick with");
                            return PICKED;
                        }
                    });

    @Test
    void tokensAreUsedOnceTheyCome() {
        ticket.whenOver(() -> done.add("told"));
        assertThat(ticket.proceed(TOKENS)).isTrue();
        assertThat(ticket.proceed(null)).isFalse();

        assertThat(ticket.take()).isSameAs(PICKED);
        assertThat(done).containsExactly("admit", "told", "pick with");
    }

    @Test
    void whoeverListensLateIsToldAtOnce() {
        assertThat(ticket.proceed(null)).isTrue();
        ticket.whenOver(() -> done.add("told"));

        assertThat(ticket.take()).isSameAs(PICKED);
        assertThat(done).containsExactly("admit", "told", "pick without");
    }

    @Test
    void afterTheTokensTheRequestMayHaveToWaitInLine() {
        InLine inLine = new InLine();
        admission = new PickResult.Queued(inLine);
        ticket.whenOver(() -> done.add("told"));
        ticket.proceed(TOKENS);
        assertThat(done).containsExactly("admit");

        inLine.over();
        assertThat(ticket.take()).isSameAs(IN_LINE);
        assertThat(done).containsExactly("admit", "told");
    }

    @Test
    void whoeverGivesUpLeavesTheLineToo() {
        InLine inLine = new InLine();
        admission = new PickResult.Queued(inLine);
        ticket.proceed(TOKENS);

        ticket.cancel();

        assertThat(inLine.cancelled).isTrue();
    }

    @Test
    void whoeverGaveUpIsNotServed() {
        ticket.whenOver(() -> done.add("told"));
        ticket.cancel();

        assertThat(ticket.proceed(TOKENS)).isFalse();
        assertThat(done).isEmpty();
    }

    @Test
    void nothingIsTakenBeforeItsTime() {
        assertThatThrownBy(ticket::take).isInstanceOf(IllegalStateException.class);
    }

    private static final class InLine implements Ticket {

        private @Nullable Runnable told;
        private boolean cancelled;

        void over() {
            if (told != null) {
                told.run();
            }
        }

        @Override
        public void whenOver(Runnable listener) {
            told = listener;
        }

        @Override
        public Decided take() {
            return IN_LINE;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
