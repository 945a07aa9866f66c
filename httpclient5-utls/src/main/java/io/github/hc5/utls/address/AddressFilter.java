package io.github.hc5.utls.address;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Which addresses may be dialled. The denied are never dialled; where some are allowed by name, no others are; with the
 * private-range guard on, the addresses that no public host has (loopback, private, link-local, shared, unique local,
 * multicast, unspecified, reserved and documentation ranges: the registries of RFC 6890) are dialled only where they are
 * allowed by name, so that a public name that resolves to one of them (DNS rebinding) reaches nothing. Addresses of IPv4
 * inside IPv6 (mapped, 6to4, NAT64) are judged by the IPv4 as well. Immutable.
 *
 * @see #builder()
 */
public final class AddressFilter {

    /** Lets every address pass. */
    public static final AddressFilter NONE = builder().build();

    private static final List<CidrBlock> PRIVATE = List.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    "::/128",
                    "::1/128",
                    "100::/64",
                    "2001:db8::/32",
                    "fc00::/7",
                    "fe80::/10",
                    "fec0::/10",
                    "ff00::/8")
            .stream()
            .map(CidrBlock::parse)
            .toList();

    private final List<CidrBlock> allowed;
    private final List<CidrBlock> denied;
    private final boolean privateGuard;

    private AddressFilter(Builder builder) {
        this.allowed = List.copyOf(builder.allowed);
        this.denied = List.copyOf(builder.denied);
        this.privateGuard = builder.privateGuard;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Whether a target's address may be dialled. */
    public boolean permits(InetAddress address) {
        if (denies(address)) {
            return false;
        }
        boolean named = allowed.stream().anyMatch(block -> block.contains(address));
        return named || (allowed.isEmpty() && !(privateGuard && isPrivate(address)));
    }

    /** Whether the address is denied by name: such a one is dialled as nothing, not even as a proxy. */
    public boolean denies(InetAddress address) {
        for (CidrBlock block : denied) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPrivate(InetAddress address) {
        InetAddress inner = EmbeddedIpv4.of(address);
        for (CidrBlock block : PRIVATE) {
            if (block.contains(address) || (inner != null && block.contains(inner))) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is nothing to check. */
    public boolean isEmpty() {
        return allowed.isEmpty() && denied.isEmpty() && !privateGuard;
    }

    @Override
    public String toString() {
        return "AddressFilter[allowed=" + allowed + ", denied=" + denied + ", privateGuard=" + privateGuard + "]";
    }

    /** Builds an {@link AddressFilter}. Not thread-safe. */
    public static final class Builder {

        private final List<CidrBlock> allowed = new ArrayList<>();
        private final List<CidrBlock> denied = new ArrayList<>();
        private boolean privateGuard;

        private Builder() {}

        /**
         * Allows an address or a block, and with the first one no others.
         *
         * @throws IllegalArgumentException if the text is neither
         */
        public Builder allow(String addressOrBlock) {
            allowed.add(CidrBlock.parse(addressOrBlock));
            return this;
        }

        /**
         * Denies an address or a block.
         *
         * @throws IllegalArgumentException if the text is neither
         */
        public Builder deny(String addressOrBlock) {
            denied.add(CidrBlock.parse(addressOrBlock));
            return this;
        }

        /** Whether private ranges are refused unless they are allowed by name; they are not by default. */
        public Builder privateGuard(boolean on) {
            privateGuard = on;
            return this;
        }

        public AddressFilter build() {
            return new AddressFilter(this);
        }
    }
}
