package io.weir.body;

/**
 * What a request body may ask of the scanner.
 *
 * @param maxDepth deepest nesting of objects and arrays that is accepted, the outermost included
 * @param maxKeyBytes longest object key that is accepted, as it is written
 * @param maxModelBytes longest model name that is accepted, decoded, in UTF-8
 * @param maxPromptRanges prompt ranges that are recorded; later ones only count in the estimate
 */
public record BodyLimits(int maxDepth, int maxKeyBytes, int maxModelBytes, int maxPromptRanges) {

    /** 100 levels, keys of 64 KiB, model names of 256 bytes, 2048 prompt ranges. */
    public static final BodyLimits DEFAULTS = new BodyLimits(100, 65_536, 256, 2_048);

    public BodyLimits {
        check("maxDepth", maxDepth, 1, 10_000);
        check("maxKeyBytes", maxKeyBytes, RequestFields.LONGEST_KEY, Integer.MAX_VALUE);
        check("maxModelBytes", maxModelBytes, 1, 65_536);
        check("maxPromptRanges", maxPromptRanges, 0, 1_000_000);
    }

    private static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }
}
