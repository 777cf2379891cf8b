package io.weir.app.up;

import io.weir.config.CompileOptions.Addresses;
import io.weir.resource.Gateway;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/**
 * Binds Gateways to one address; one that asks for an address of this machine which lies within it
 * gets that: any with {@code 0.0.0.0}, a loopback address with {@code 127.0.0.1}.
 */
public final class BoundAddresses implements Addresses {

    private final String address;

    /**
     * @param address address or host name
     */
    public BoundAddresses(String address) {
        this.address = address;
    }

    @Override
    public String of(Gateway gateway) {
        return gateway.addresses().stream()
                .map(Gateway.Address::value)
                .filter(this::covers)
                .findFirst()
                .orElse(address);
    }

    private boolean covers(String wanted) {
        if (wanted.equals(address)) {
            return true;
        }
        try {
            InetAddress within = InetAddress.ofLiteral(address);
            InetAddress asked = InetAddress.ofLiteral(wanted);
            return within.isAnyLocalAddress()
                    ? isLocal(asked)
                    : within.isLoopbackAddress() && asked.isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isLocal(InetAddress asked) {
        try {
            return asked.isLoopbackAddress() || NetworkInterface.getByInetAddress(asked) != null;
        } catch (SocketException e) {
            return false;
        }
    }
}
