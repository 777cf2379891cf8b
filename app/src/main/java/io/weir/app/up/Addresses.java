package io.weir.app.up;

import java.net.InetSocketAddress;

/** Addresses as people paste them. */
final class Addresses {

    private Addresses() {}

    /** Returns for instance {@code http://127.0.0.1:8080}; any-addresses as the loopback one. */
    static String url(InetSocketAddress address) {
        boolean any = address.getAddress().isAnyLocalAddress();
        String host = any ? "127.0.0.1" : address.getAddress().getHostAddress();
        String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return "http://" + bracketed + ":" + address.getPort();
    }
}
