package io.weir.app.simulated;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Loopback addresses for Pods, each for one: 127.64.0.0/16, all of which belong to the machine on
 * Linux. Programs side by side begin at different places and meet rarely; a taken port says so. Not
 * thread-safe.
 */
final class PodAddresses {

    private static final int FIRST = 1;
    private static final int COUNT = 65_534;

    private final Set<Integer> taken = new HashSet<>();
    private int next;

    PodAddresses(RandomGenerator random) {
        next = random.nextInt(COUNT);
    }

    /** Returns whether this machine answers at such addresses. */
    static boolean areUsable() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address(FIRST), 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Takes an address that no Pod has. */
    InetAddress take() {
        while (!taken.add(next)) {
            next = (next + 1) % COUNT;
        }
        int number = next;
        next = (next + 1) % COUNT;
        return address(number + FIRST);
    }

    /** Gives an address back. */
    void release(InetAddress address) {
        byte[] bytes = address.getAddress();
        taken.remove(((bytes[2] & 0xFF) << 8 | (bytes[3] & 0xFF)) - FIRST);
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {127, 64, (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
