package io.weir.kubernetes.cluster;

import io.weir.resource.ObjectName;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives each Gateway an address of a range. The same Gateway keeps the same address; the address of
 * one that is gone is free again. One thread at a time may use it.
 */
public final class AddressPool {

    private final byte[] network;
    private final int bits;
    private final BigInteger first;
    private final BigInteger last;
    private final Map<ObjectName, String> given = new HashMap<>();

    private AddressPool(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
        int hostBits = network.length * 8 - bits;
        BigInteger base = new BigInteger(1, network).shiftRight(hostBits).shiftLeft(hostBits);
        BigInteger size = BigInteger.ONE.shiftLeft(hostBits);
        boolean ends = hostBits >= 2;
        this.first = ends ? base.add(BigInteger.ONE) : base;
        this.last = base.add(size).subtract(ends ? BigInteger.TWO : BigInteger.ONE);
    }

    /**
     * Returns the pool of a range, for instance {@code 10.0.8.0/24}: without the network's and the
     * broadcast address.
     *
     * @throws IllegalArgumentException when it is no range of addresses
     */
    public static AddressPool of(String cidr) {
        int slash = cidr.indexOf('/');
        try {
            byte[] network =
                    InetAddress.ofLiteral(slash < 0 ? cidr : cidr.substring(0, slash)).getAddress();
            int bits = slash < 0 ? network.length * 8 : Integer.parseInt(cidr.substring(slash + 1));
            if (bits >= 0 && bits <= network.length * 8) {
                return new AddressPool(network, bits);
            }
        } catch (IllegalArgumentException e) {
            throw bad(cidr, e);
        }
        throw bad(cidr, null);
    }

    private static IllegalArgumentException bad(String cidr, @Nullable Exception cause) {
        return new IllegalArgumentException(
                cidr + " (expected: a range of addresses like 10.0.8.0/24)", cause);
    }

    /**
     * Returns the address of a Gateway, empty when none is left.
     *
     * @param gateway the Gateway
     * @param wanted an address that it would like, from its spec or its status; empty for none
     */
    public Optional<String> of(ObjectName gateway, String wanted) {
        String present = given.get(gateway);
        if (present != null) {
            return Optional.of(present);
        }
        Optional<String> found =
                contains(wanted) && !given.containsValue(wanted) ? Optional.of(wanted) : free();
        found.ifPresent(address -> given.put(gateway, address));
        return found;
    }

    /** Takes back the addresses of Gateways that are gone. */
    public void keepOnly(Set<ObjectName> gateways) {
        given.keySet().retainAll(gateways);
    }

    private Optional<String> free() {
        Set<String> taken = new HashSet<>(given.values());
        BigInteger candidate = first;
        while (candidate.compareTo(last) <= 0) {
            String text = text(candidate);
            if (!taken.contains(text)) {
                return Optional.of(text);
            }
            candidate = candidate.add(BigInteger.ONE);
        }
        return Optional.empty();
    }

    private boolean contains(String address) {
        if (address.isEmpty()) {
            return false;
        }
        try {
            byte[] bytes = InetAddress.ofLiteral(address).getAddress();
            BigInteger value = new BigInteger(1, bytes);
            return bytes.length == network.length
                    && value.compareTo(first) >= 0
                    && value.compareTo(last) <= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private String text(BigInteger value) {
        byte[] bytes = new byte[network.length];
        byte[] magnitude = value.toByteArray();
        int length = Math.min(bytes.length, magnitude.length);
        System.arraycopy(
                magnitude, magnitude.length - length, bytes, bytes.length - length, length);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return text(first) + " to " + text(last) + " (/" + bits + ")";
    }
}
