package io.github.hc5.utls.fingerprint;

/**
 * Finds the TCP segment in a captured packet: Ethernet with VLAN tags (IEEE 802.1Q, 802.1ad), Linux cooked captures of both
 * versions, BSD loopback and raw IP; IPv4 (RFC 791) and IPv6 with its extension headers (RFC 8200).
 *
 * <p>What is no TCP, a fragment, or cut off, is passed over: captures hold all kinds of packets.
 */
final class PacketReader {

    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86DD;
    private static final int TCP = 6;

    private final byte[] capture;
    private final TcpStreams streams;
    private int end;

    PacketReader(byte[] capture, TcpStreams streams) {
        this.capture = capture;
        this.streams = streams;
    }

    /** Returns whether packets of a link type (as in the registry LINKTYPE of tcpdump) can be read. */
    static boolean isKnown(int linkType) {
        return switch (linkType) {
            case 0, 1, 12, 14, 101, 108, 113, 228, 229, 276 -> true;
            default -> false;
        };
    }

    /** Reads the packet in {@code length} bytes of the capture at {@code offset}. */
    void read(int linkType, int offset, int length) {
        end = offset + length;
        switch (linkType) {
            case 0, 108 -> ip(offset + 4);
            case 1 -> ethernet(offset + 12);
            case 113 -> protocol(offset + 14);
            case 276 -> {
                if (has(offset, 20)) {
                    network(u16(offset), offset + 20);
                }
            }
            default -> ip(offset);
        }
    }

    private void ethernet(int typeAt) {
        protocol(typeAt);
    }

    /** The EtherType at a place, behind which its packet follows; tags are EtherTypes too. */
    private void protocol(int typeAt) {
        int at = typeAt;
        while (has(at, 2)) {
            int type = u16(at);
            if (type != 0x8100 && type != 0x88A8 && type != 0x9100) {
                network(type, at + 2);
                return;
            }
            at += 4;
        }
    }

    private void network(int etherType, int at) {
        if (etherType == IPV4 || etherType == IPV6) {
            ip(at);
        } else if (etherType == 0x8100 || etherType == 0x88A8 || etherType == 0x9100) {
            protocol(at + 2);
        }
    }

    private void ip(int at) {
        if (has(at, 20) && u8(at) >> 4 == 4) {
            ipv4(at);
        } else if (has(at, 40) && u8(at) >> 4 == 6) {
            ipv6(at);
        }
    }

    private void ipv4(int at) {
        int header = (u8(at) & 0xF) * 4;
        int total = u16(at + 2);
        boolean fragment = (u16(at + 6) & 0x3FFF) != 0;
        if (header < 20 || fragment || u8(at + 9) != TCP) {
            return;
        }
        // A length of 0 is left by network cards that cut the packet themselves.
        end = total == 0 ? end : Math.min(end, at + total);
        tcp(at + header, at + 12, 8);
    }

    private void ipv6(int at) {
        int payload = u16(at + 4);
        end = payload == 0 ? end : Math.min(end, at + 40 + payload);
        int next = u8(at + 6);
        int position = at + 40;
        while (next == 0 || next == 43 || next == 60) {
            if (!has(position, 8)) {
                return;
            }
            next = u8(position);
            position += 8 + u8(position + 1) * 8;
        }
        if (next == TCP) {
            tcp(position, at + 8, 32);
        }
    }

    private void tcp(int at, int addresses, int addressLength) {
        if (!has(at, 20)) {
            return;
        }
        int data = at + (u8(at + 12) >> 4) * 4;
        if (data < at + 20 || data > end) {
            return;
        }
        boolean syn = (u8(at + 13) & 0x02) != 0;
        TcpStreams.Flow flow = TcpStreams.flow(capture, addresses, addressLength, u16(at) << 16 | u16(at + 2));
        streams.add(flow, u16(at + 4) << 16 | u16(at + 6), syn, data, end - data);
    }

    private boolean has(int at, int count) {
        return end - at >= count;
    }

    private int u8(int at) {
        return capture[at] & 0xFF;
    }

    private int u16(int at) {
        return u8(at) << 8 | u8(at + 1);
    }
}
