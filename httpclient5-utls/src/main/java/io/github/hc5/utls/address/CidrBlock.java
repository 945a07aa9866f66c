package io.github.hc5.utls.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A block of addresses (RFC 4632 for IPv4, RFC 4291 section 2.3 for IPv6). IPv4-mapped IPv6 addresses and blocks
 * ({@code ::ffff:0:0/96}, RFC 4291 section 2.5.5.2) are taken as the IPv4 that they stand for, so that one cannot be used
 * to get round a rule about the other.
 */
final class CidrBlock {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final int MAPPED_BITS = 96;

    private final byte[] network;
    private final int bits;

    private CidrBlock(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /**
     * Reads an address or a block, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}.
     *
     * @throws IllegalArgumentException if it is neither, or a bit behind the prefix is set
     */
    static CidrBlock parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = literal(slash < 0 ? text : text.substring(0, slash), text);
        boolean mapped = slash >= 0 && address.length == 4 && text.indexOf(':') >= 0;
        int most = mapped ? 128 : address.length * 8;
        int prefix = most;
        if (slash >= 0) {
            String length = text.substring(slash + 1);
            if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > most) {
                throw new IllegalArgumentException(
                        "'" + text + "': the prefix length is '" + length + "', must be from 0 to " + most);
            }
            prefix = Integer.parseInt(length);
        }
        if (mapped) {
            if (prefix < MAPPED_BITS) {
                throw new IllegalArgumentException("'" + text + "': the prefix length of an IPv4-mapped block is "
                        + prefix + ", must be from 96 to 128");
            }
            prefix -= MAPPED_BITS;
        }
        CidrBlock block = new CidrBlock(address, prefix);
        if (!Arrays.equals(block.masked(address), address)) {
            throw new IllegalArgumentException("'" + text + "': bits behind the prefix are set; "
                    + InetAddresses.text(block.masked(address)) + "/" + prefix + " is the block");
        }
        return block;
    }

    private static byte[] literal(String text, String whole) {
        // getByAddress and not getByName for names: a rule never asks DNS
        boolean ip = text.indexOf(':') >= 0
                ? text.toLowerCase(Locale.ROOT).matches("[0-9a-f:.]+")
                : IPV4.matcher(text).matches();
        if (ip) {
            try {
                return InetAddress.getByName(text).getAddress();
            } catch (UnknownHostException e) {
                // the same as something else
            }
        }
        throw new IllegalArgumentException(
                "'" + whole + "' is neither an IP address nor a block such as 192.0.2.0/24 or 2001:db8::/32");
    }

    boolean contains(InetAddress address) {
        byte[] bytes = InetAddresses.plain(address);
        if (bytes.length != network.length) {
            return false;
        }
        int whole = bits / 8;
        if (!Arrays.equals(bytes, 0, whole, network, 0, whole)) {
            return false;
        }
        int mask = 0xff00 >> (bits % 8) & 0xff;
        return bits % 8 == 0 || (bytes[whole] & mask) == (network[whole] & mask);
    }

    private byte[] masked(byte[] address) {
        byte[] result = new byte[address.length];
        for (int i = 0; i < result.length; i++) {
            int left = Math.max(0, Math.min(8, bits - i * 8));
            result[i] = (byte) (address[i] & (0xff00 >> left & 0xff));
        }
        return result;
    }

    int bits() {
        return bits;
    }

    byte[] network() {
        return network.clone();
    }

    boolean isIpv4() {
        return network.length == 4;
    }

    @Override
    public String toString() {
        return InetAddresses.text(network) + "/" + bits;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CidrBlock block && bits == block.bits && Arrays.equals(network, block.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + bits;
    }

    /** Bytes and text of addresses. */
    static final class InetAddresses {

        private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

        private InetAddresses() {}

        /** The address' bytes; four where it is IPv4 in an IPv6 address. */
        static byte[] plain(InetAddress address) {
            byte[] bytes = address.getAddress();
            if (address instanceof Inet4Address || !Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length)) {
                return bytes;
            }
            return Arrays.copyOfRange(bytes, MAPPED.length, bytes.length);
        }

        static String text(byte[] address) {
            try {
                return InetAddress.getByAddress(address).getHostAddress();
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("not an address: " + Arrays.toString(address), e);
            }
        }
    }
}
