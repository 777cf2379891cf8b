package io.weir.picker.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.prefix.Beginnings;
import io.weir.picker.prefix.FirstBlocks;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.prefix.PrefixTable;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

class PrefixMatchesTest {

    private static final int BLOCK = PrefixSettings.DEFAULT.blockBytes();

    private final List<EndpointState> endpoints = new ArrayList<>();
    private final Beginnings beginnings = new Beginnings();
    private int made;

    @Test
    void askingThoseThatMayKnowFindsWhatAskingAllDoes() {
        for (long seed = 1; seed <= 3; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int found = 0;
            FirstBlocks.Places places = come(50 + random.nextInt(100));
            for (int step = 0; step < 400; step++) {
                // Given
                if (random.nextInt(20) == 0) {
                    places = goAndCome(random);
                }
                PickRequest request = request(prompt(random));

                // When
                PickContext some = begun(request, places);
                PickContext all = begun(request, null);

                // Then
                for (int i = 0; i < endpoints.size(); i++) {
                    int expected = all.prefixes().matchedBlocks(i);
                    found += expected;
                    assertThat(some.prefixes().matchedBlocks(i))
                            .describedAs("seed %d step %d endpoint %d", seed, step, i)
                            .isEqualTo(expected);
                    assertThat(some.prefixes().uncachedTokens(i))
                            .isEqualTo(all.prefixes().uncachedTokens(i));
                }
                some.prefixes().record(random.nextInt(endpoints.size()));
            }
            assertThat(found).isPositive();
        }
    }

    private FirstBlocks.@Nullable Places goAndCome(SplittableRandom random) {
        List<PrefixTable> leaving = new ArrayList<>();
        for (int i = random.nextInt(endpoints.size() - 10); i > 0; i--) {
            leaving.add(endpoints.remove(random.nextInt(endpoints.size())).prefixes());
        }
        beginnings.arrange(tables(), leaving);
        return come(random.nextInt(150));
    }

    private FirstBlocks.@Nullable Places come(int count) {
        for (int i = 0; i < count; i++) {
            String name = "e" + made++;
            endpoints.add(new EndpointState(new Endpoint(name, name, name, 80, Map.of())));
        }
        return beginnings.arrange(tables(), List.of());
    }

    private List<PrefixTable> tables() {
        return endpoints.stream().map(EndpointState::prefixes).toList();
    }

    private PickContext begun(PickRequest request, FirstBlocks.@Nullable Places places) {
        PickContext context = new PickContext(new SplittableRandom(1));
        context.prefixes().beginnings(places);
        EndpointState[] all = endpoints.toArray(EndpointState[]::new);
        context.begin(request, all, PrefixSettings.DEFAULT, null, 0);
        return context;
    }

    /** One of a few system prompts or none, and a user's text behind it. */
    private static byte[] prompt(SplittableRandom random) {
        byte[] text = new byte[BLOCK * (1 + random.nextInt(40))];
        new SplittableRandom(random.nextInt(30)).nextBytes(text);
        byte[] end = new byte[random.nextInt(text.length)];
        random.nextBytes(end);
        byte[] prompt = Arrays.copyOf(text, text.length + end.length);
        System.arraycopy(end, 0, prompt, text.length, end.length);
        return prompt;
    }

    private static PickRequest request(byte[] prompt) {
        return new PickRequest(
                "llama",
                false,
                List.of(ByteBuffer.wrap(prompt)),
                prompt.length / 4,
                -1,
                0,
                "default-flow",
                null);
    }
}
