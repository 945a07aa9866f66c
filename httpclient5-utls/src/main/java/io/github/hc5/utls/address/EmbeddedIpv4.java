package io.github.hc5.utls.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The IPv4 address that an IPv6 address leads to: 6to4 (RFC 3056), NAT64 (RFC 6052), IPv4-compatible (RFC 4291). */
final class EmbeddedIpv4 {

    private EmbeddedIpv4() {}

    static @Nullable InetAddress of(InetAddress address) {
        byte[] b = address.getAddress();
        if (b.length != 16) {
            return null;
        }
        if (b[0] == 0x20 && b[1] == 0x02) {
            return ipv4(b, 2);
        }
        boolean nat64 = b[0] == 0 && b[1] == 0x64 && b[2] == (byte) 0xff && b[3] == (byte) 0x9b;
        boolean compatible = Arrays.equals(b, 0, 12, new byte[12], 0, 12);
        return nat64 || compatible ? ipv4(b, 12) : null;
    }

    private static InetAddress ipv4(byte[] bytes, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
