package io.weir.picker.builtin;

import io.weir.picker.HeaderField;
import io.weir.picker.plugin.Chosen;
import io.weir.picker.plugin.Decider;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.ProfilePlan;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * Up to three stages of one request: encode reads media, prefill reads the prompt, decode writes
 * the answer and gets the request, with the addresses of the others in its headers.
 *
 * <pre>
 * decode first:   decode ─▶ encode? ─▶ prefill?
 * prefill first:  prefill ─▶ encode? ─▶ decode
 * </pre>
 *
 * <p>A stage whose filters leave nothing is left out; only decode has to find an endpoint.
 *
 * @param decode profile of decode
 * @param prefill profile of prefill; NONE when there is none
 * @param encode profile of encode; NONE when there is none
 * @param prefillFirst whether prefill is chosen before decode
 * @param prefillDecider says whether to run prefill; null for always
 * @param encodeDecider says whether to run encode
 */
record DisaggPlan(
        int decode,
        int prefill,
        int encode,
        boolean prefillFirst,
        @Nullable Decider prefillDecider,
        @Nullable Decider encodeDecider)
        implements ProfilePlan {

    private static final String PREFILLER = "x-prefiller-host-port";
    private static final String ENCODERS = "x-encoder-hosts-ports";
    private static final int PLACES = 3;

    @Override
    public int primary(PickContext context) {
        return decode;
    }

    @Override
    public int next(PickContext context, int previous) {
        for (int place = placeAfter(previous); place < PLACES; place++) {
            int profile = profileAt(place);
            if (profile != NONE && isWanted(profile, context)) {
                return profile;
            }
        }
        return NONE;
    }

    private int placeAfter(int previous) {
        for (int place = 0; previous != NONE && place < PLACES; place++) {
            if (profileAt(place) == previous) {
                return place + 1;
            }
        }
        return 0;
    }

    private int profileAt(int place) {
        return switch (place) {
            case 0 -> prefillFirst ? prefill : decode;
            case 1 -> encode;
            default -> prefillFirst ? decode : prefill;
        };
    }

    private boolean isWanted(int profile, PickContext context) {
        if (profile == decode) {
            return true;
        }
        if (profile == encode) {
            return encodeDecider != null
                    && encodeDecider.isWorthwhile(context, context.choice(decode));
        }
        return prefillDecider == null
                || prefillDecider.isWorthwhile(context, context.choice(decode));
    }

    @Override
    public String failure() {
        return "failed to find available decode workers";
    }

    @Override
    public boolean takesPrefill(int profile) {
        return profile == prefill;
    }

    @Override
    public void requestHeaders(Chosen chosen, Consumer<HeaderField> headers) {
        tell(PREFILLER, prefill == NONE ? null : chosen.of(prefill), headers);
        tell(ENCODERS, encode == NONE ? null : chosen.of(encode), headers);
    }

    private static void tell(
            String name, @Nullable EndpointState endpoint, Consumer<HeaderField> headers) {
        if (endpoint != null) {
            headers.accept(new HeaderField(name, endpoint.endpoint().authority()));
        }
    }
}
