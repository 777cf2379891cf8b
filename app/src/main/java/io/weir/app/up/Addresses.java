package io.weir.app.up;

import java.net.InetSocketAddress;

/** Addresses as people paste them. */
final class Addresses {

    private Addresses() {}

    /** Returns for instance {@code http://127.0.0.1:8080}; any-addresses as the loopback one. */
    static String url(InetSocketAddress address) {
        boolean any = address.getAddress().isAnyLocalAddress();
        String host = any ? "127.0.0.1" : address.getAddress().getHostAddress();
        return "http://" + authority(host, address.getPort());
    }

    /** Returns for instance {@code 127.0.0.1:8080} or {@code [::1]:8080}. */
    static String authority(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + shortened(host) + "]" : host) + ":" + port;
    }

    /** Writes the first run of zeros in an IPv6 address as {@code ::}. */
    private static String shortened(String address) {
        return address.contains("::") ? address : address.replaceFirst("(^|:)0(:0)+(:|$)", "::");
    }
}
