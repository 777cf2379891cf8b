package io.weir.app.simulated;

/**
 * Names of replicas, of the form that a Deployment's Pods have: the Deployment, a hash of the
 * template and something of the replica's own. The same replica of the same template always has the
 * same name.
 */
final class PodNames {

    /** The letters that Kubernetes uses: no vowels, so that no words come out. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private PodNames() {}

    static String of(String deployment, long templateHash, int replica) {
        return deployment
                + "-"
                + letters(templateHash, 9)
                + "-"
                + letters(mix(templateHash + 31L * (replica + 1)), 5);
    }

    private static String letters(long hash, int count) {
        StringBuilder text = new StringBuilder(count);
        long rest = hash;
        for (int i = 0; i < count; i++) {
            text.append(ALPHABET.charAt((int) Long.remainderUnsigned(rest, ALPHABET.length())));
            rest = Long.divideUnsigned(rest, ALPHABET.length());
        }
        return text.toString();
    }

    /** Returns a well mixed hash of a text. */
    static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
