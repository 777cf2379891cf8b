package io.weir.simulator.engine;

/**
 * A server that works in steps, all running sequences together, as vLLM does. One step takes
 *
 * <pre>{@code
 * base + perSequence·sequences + perContextToken·Σ context(decoding) + perPrefillToken·prefill tokens
 * }</pre>
 *
 * times a lognormal noise, and the share of {@code adapterOverhead} more when an adapter takes
 * part.
 *
 * @param frontendNanos time between arrival and the scheduler's queue: HTTP, tokenizer
 * @param frontendSigma sigma of the lognormal factor of that time, 0 for none
 * @param baseNanos constant part of a step
 * @param perSequenceNanos for each sequence in the step
 * @param perContextTokenNanos for each resident token of each decoding sequence
 * @param perPrefillTokenNanos for each token that is prefilled in the step
 * @param noiseSigma sigma of the lognormal factor, 0 for none
 * @param adapterOverhead additional share of a step with adapters, 0.02 for two percent
 * @param adapterLoadNanos time to make an adapter resident
 */
public record StepLatency(
        double frontendNanos,
        double frontendSigma,
        double baseNanos,
        double perSequenceNanos,
        double perContextTokenNanos,
        double perPrefillTokenNanos,
        double noiseSigma,
        double adapterOverhead,
        double adapterLoadNanos)
        implements LatencyModel {

    /** Returns the same without noise. */
    public StepLatency withoutNoise() {
        return new StepLatency(
                frontendNanos,
                0,
                baseNanos,
                perSequenceNanos,
                perContextTokenNanos,
                perPrefillTokenNanos,
                0,
                adapterOverhead,
                adapterLoadNanos);
    }

    /** Returns the nanoseconds of one step of base-model sequences without noise. */
    public double stepNanos(int sequences, long contextTokens, int prefillTokens) {
        return baseNanos
                + perSequenceNanos * sequences
                + perContextTokenNanos * contextTokens
                + perPrefillTokenNanos * prefillTokens;
    }
}
