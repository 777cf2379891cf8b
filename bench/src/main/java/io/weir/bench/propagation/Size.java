package io.weir.bench.propagation;

/**
 * How many objects there are.
 *
 * @param routes routes beside those that change
 * @param pools pools, each with as many routes as any other
 * @param endpoints endpoints of each pool
 */
public record Size(int routes, int pools, int endpoints) {

    /** Reads for instance {@code 10000x1000x10}. */
    public static Size parse(String text) {
        String[] parts = text.split("x", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException(
                    text + " (expected: routes, pools and endpoints of each, like 1000x100x10)");
        }
        return new Size(
                Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    @Override
    public String toString() {
        return routes + " routes, " + pools + " pools of " + endpoints + " endpoints";
    }
}
