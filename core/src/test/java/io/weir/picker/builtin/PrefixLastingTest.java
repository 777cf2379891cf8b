package io.weir.picker.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.Scraped;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

/** How long a prompt lasts in a cache of 1,000 blocks, of which requests in flight hold a part. */
class PrefixLastingTest {

    private static final int TOKENS = 16 * 100;

    private final PluginTesting testing = new PluginTesting();
    private final EndpointState endpoint = testing.add();

    @Test
    void aPromptThatHasMadeRoomForRequestsInFlightIsLikelyNewAndStillBelongsWhereItWas() {
        sendAndPushBack(0.8);

        PickContext context = testing.begin();

        assertThat(context.prefixes().likelyUncachedTokens(0)).isEqualTo(TOKENS);
        assertThat(context.prefixes().uncachedTokens(0)).isZero();
    }

    @Test
    void aCacheThatIsMostlyFreeHoldsThePrompt() {
        sendAndPushBack(0.2);

        assertThat(testing.begin().prefixes().likelyUncachedTokens(0)).isZero();
    }

    @Test
    void whileRequestsLastOthersPushOutAsMuchAsTheyWillAnswer() {
        endpoint.inFlight().addDecodeTokens(16 * 500);
        sendAndPushBack(0.8);

        assertThat(testing.begin().prefixes().likelyUncachedTokens(0)).isZero();
    }

    @Test
    void whereTheServerDoesNotSayHowFullItsCacheIsAllOfItCounts() {
        sendAndPushBack(Double.NaN);

        assertThat(testing.begin().prefixes().likelyUncachedTokens(0)).isZero();
    }

    /** Sends a prompt of 100 blocks and then another one of 500. */
    private void sendAndPushBack(double usage) {
        endpoint.scraped(
                new Scraped(PluginTesting.NOW, 0, 1, usage, 16, 1000, Adapters.NONE, 0, 0));
        byte[] prompt = text(1, TOKENS);
        testing.send(0, prompt);
        testing.send(0, text(2, 5 * TOKENS));
        testing.request(PluginTesting.request("llama", 0, prompt, TOKENS));
    }

    private static byte[] text(long seed, int tokens) {
        byte[] text = new byte[4 * tokens];
        new SplittableRandom(seed).nextBytes(text);
        return text;
    }
}
