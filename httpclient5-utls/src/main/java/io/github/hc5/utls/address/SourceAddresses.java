package io.github.hc5.utls.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The local addresses from which a machine's connections are to come: listed, those of an interface, or drawn from an
 * IPv6 prefix. The machine must be able to bind them; for a prefix that takes a local route to it and
 * {@code net.ipv6.ip_nonlocal_bind} or the like. Immutable.
 *
 * @param addresses one or more, each once
 */
public record SourceAddresses(List<InetAddress> addresses) {

    private static final int MOST = 1024;
    private static final int IPV6_BITS = 128;

    /** @throws IllegalArgumentException if there is no address */
    public SourceAddresses {
        addresses = List.copyOf(new LinkedHashSet<>(addresses));
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("the source addresses are none, must be one or more");
        }
    }

    /** Returns the listed addresses. */
    public static SourceAddresses of(List<InetAddress> addresses) {
        return new SourceAddresses(addresses);
    }

    /**
     * Returns the addresses that an interface has now, but for link-local and multicast ones.
     *
     * @throws IllegalArgumentException if there is no such interface or it has no such address
     */
    public static SourceAddresses ofInterface(String name) {
        List<InetAddress> found = new ArrayList<>();
        try {
            NetworkInterface itself = NetworkInterface.getByName(name);
            if (itself == null) {
                throw new IllegalArgumentException("there is no interface '" + name + "', there are "
                        + NetworkInterface.networkInterfaces()
                                .map(NetworkInterface::getName)
                                .sorted()
                                .toList());
            }
            itself.inetAddresses()
                    .filter(a -> !a.isLinkLocalAddress() && !a.isMulticastAddress())
                    .forEach(found::add);
        } catch (SocketException e) {
            throw new IllegalArgumentException("the interface '" + name + "' cannot be read: " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("the interface '" + name + "' has no address that can be bound");
        }
        return new SourceAddresses(found);
    }

    /**
     * Draws addresses from an IPv6 prefix; never the first one, which is the routers' (RFC 4291 section 2.6.1).
     *
     * @param prefix such as {@code 2001:db8:1::/64}
     * @param count how many; 1 to 1,024, and no more than the prefix has
     * @throws IllegalArgumentException if the prefix is none of IPv6 or the count is out of range
     */
    public static SourceAddresses ofPrefix(String prefix, int count, RandomGenerator random) {
        CidrBlock block = CidrBlock.parse(prefix);
        if (block.isIpv4()) {
            throw new IllegalArgumentException("'" + prefix + "' is a block of IPv4, must be one of IPv6");
        }
        int free = IPV6_BITS - block.bits();
        long most = free >= 11 ? MOST : Math.min(MOST, (1L << free) - 1);
        if (count < 1 || count > most) {
            throw new IllegalArgumentException(
                    "the number of addresses of " + prefix + " is " + count + ", must be from 1 to " + most);
        }
        Set<InetAddress> drawn = new LinkedHashSet<>();
        byte[] network = block.network();
        while (drawn.size() < count) {
            byte[] bytes = new byte[network.length];
            random.nextBytes(bytes);
            boolean first = true;
            for (int i = 0; i < bytes.length; i++) {
                int fixed = Math.max(0, Math.min(8, block.bits() - i * 8));
                int mask = 0xff >> fixed;
                first &= (bytes[i] & mask) == 0;
                bytes[i] = (byte) (network[i] | (bytes[i] & mask));
            }
            if (!first) {
                drawn.add(address(bytes));
            }
        }
        return new SourceAddresses(List.copyOf(drawn));
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return Inet6Address.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
