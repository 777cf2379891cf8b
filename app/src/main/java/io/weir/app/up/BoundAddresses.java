package io.weir.app.up;

import io.weir.config.CompileOptions.Addresses;
import io.weir.kubernetes.status.GatewayAddresses;
import io.weir.resource.Gateway;
import io.weir.resource.ObjectKey;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/**
 * Binds Gateways to one address of this machine.
 *
 * <p>With {@code 127.0.0.1}, a Gateway that asks for another loopback address gets that. With
 * {@code 0.0.0.0}, a Gateway has every address of this machine, those that it asks for among them.
 */
public final class BoundAddresses implements Addresses, GatewayAddresses {

    private final String address;
    private final String machine;

    /**
     * @param address address or host name to bind
     * @param machine where clients reach this machine, for the status of Gateways that are bound to
     *     every address
     */
    public BoundAddresses(String address, String machine) {
        this.address = address;
        this.machine = machine;
    }

    @Override
    public String of(Gateway gateway) {
        return gateway.addresses().stream()
                .map(Gateway.Address::value)
                .filter(wanted -> isLoopback(address) && isLoopback(wanted))
                .findFirst()
                .orElse(address);
    }

    @Override
    public boolean reach(Gateway gateway, String wanted) {
        return isWildcard(address) ? isLocal(wanted) : wanted.equals(of(gateway));
    }

    @Override
    public List<String> of(ObjectKey gateway, List<String> bound, List<String> wanted) {
        if (bound.stream().noneMatch(BoundAddresses::isWildcard)) {
            return bound;
        }
        List<String> local = wanted.stream().filter(BoundAddresses::isLocal).toList();
        return local.isEmpty() ? List.of(machine) : local;
    }

    private static boolean isWildcard(String text) {
        return isLiteral(text) && InetAddress.ofLiteral(text).isAnyLocalAddress();
    }

    private static boolean isLoopback(String text) {
        return isLiteral(text) && InetAddress.ofLiteral(text).isLoopbackAddress();
    }

    private static boolean isLocal(String text) {
        try {
            return isLoopback(text)
                    || (isLiteral(text)
                            && NetworkInterface.getByInetAddress(InetAddress.ofLiteral(text))
                                    != null);
        } catch (SocketException e) {
            return false;
        }
    }

    private static boolean isLiteral(String text) {
        try {
            return !InetAddress.ofLiteral(text).getHostAddress().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Returns an address of this machine that others reach, its loopback address for want. */
    public static String ofThisMachine() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(BoundAddresses::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(found -> !found.isLinkLocalAddress() && found.getAddress().length == 4)
                    .map(InetAddress::getHostAddress)
                    .findFirst()
                    .orElse("127.0.0.1");
        } catch (SocketException e) {
            return "127.0.0.1";
        }
    }

    private static boolean isUp(NetworkInterface found) {
        try {
            return found.isUp() && !found.isLoopback();
        } catch (SocketException e) {
            return false;
        }
    }
}
