package io.github.hc5.utls.fingerprint;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the TCP streams of a packet capture: libpcap's format in either byte order and with micro- or nanoseconds, and
 * pcapng (draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng).
 *
 * <p>A capture that ends within a packet, as one does that is still being written, is read up to there.
 */
final class PcapReader {

    private static final int FILE_HEADER = 24;
    private static final int PACKET_HEADER = 16;
    private static final int SECTION = 0x0A0D0D0A;
    private static final int BYTE_ORDER = 0x1A2B3C4D;
    private static final int MAX_INTERFACES = 4096;

    private final byte[] file;
    private final TcpStreams streams;
    private final PacketReader packets;
    private final List<Integer> linkTypes = new ArrayList<>();
    private boolean littleEndian;

    private PcapReader(byte[] file) {
        this.file = file;
        this.streams = new TcpStreams(file);
        this.packets = new PacketReader(file, streams);
    }

    /** Returns whether a file starts as a packet capture. */
    static boolean isCapture(byte[] file) {
        if (file.length < 4) {
            return false;
        }
        return isPcap(big(file)) || isPcap(Integer.reverseBytes(big(file))) || big(file) == SECTION;
    }

    /**
     * Returns the bytes of each direction of each TCP connection, in the order of their first packets.
     *
     * @throws CaptureFormatException if the file is malformed, or has packets of an unknown link type only
     */
    static List<byte[]> streams(byte[] file) {
        PcapReader reader = new PcapReader(file);
        if (big(file) == SECTION) {
            reader.readBlocks();
        } else {
            reader.readPackets();
        }
        return reader.streams.bytes();
    }

    private void readPackets() {
        littleEndian = !isPcap(big(file));
        if (file.length < FILE_HEADER) {
            throw new CaptureFormatException(file.length, "the header of a pcap file has 24 bytes");
        }
        int linkType = u32(20) & 0xFFFF;
        requireKnown(linkType, 20);
        int at = FILE_HEADER;
        while (file.length - at >= PACKET_HEADER) {
            int captured = length(at + 8);
            int packet = at + PACKET_HEADER;
            packets.read(linkType, packet, Math.min(captured, file.length - packet));
            if (captured > file.length - packet) {
                return;
            }
            at = packet + captured;
        }
    }

    private void readBlocks() {
        int at = 0;
        while (file.length - at >= 12) {
            int type = u32(at);
            if (type == SECTION) {
                section(at);
            }
            int length = length(at + 4);
            if (length < 12 || length % 4 != 0) {
                throw new CaptureFormatException(
                        at + 4L, "block length is " + length + ", must be a multiple of 4 from 12");
            }
            if (length > file.length - at) {
                return;
            }
            block(type, at + 8, length - 12);
            at += length;
        }
    }

    private void section(int at) {
        int order = big(file, at + 8);
        if (order != BYTE_ORDER && order != Integer.reverseBytes(BYTE_ORDER)) {
            throw new CaptureFormatException(at + 8L, "no byte-order magic in the section header");
        }
        littleEndian = order != BYTE_ORDER;
        linkTypes.clear();
    }

    private void block(int type, int body, int length) {
        switch (type) {
            case 1 -> interfaceDescription(body, length);
            case 2 -> packet(body, length, u16(require(body, length, 20)), 12, 20);
            case 3 -> simplePacket(body, length);
            case 6 -> packet(body, length, u32(require(body, length, 20)), 12, 20);
            default -> {}
        }
    }

    private void interfaceDescription(int body, int length) {
        linkTypes.add(u16(require(body, length, 8)));
        if (linkTypes.size() > MAX_INTERFACES) {
            throw new CaptureFormatException(body, "more than " + MAX_INTERFACES + " interfaces");
        }
        if (linkTypes.size() == 1) {
            requireKnown(linkTypes.get(0), body);
        }
    }

    private void packet(int body, int length, int interfaceId, int lengthAt, int header) {
        if (interfaceId < 0 || interfaceId >= linkTypes.size()) {
            throw new CaptureFormatException(body, "interface " + interfaceId + " is not described");
        }
        int captured = length(body + lengthAt);
        packets.read(linkTypes.get(interfaceId), body + header, Math.min(captured, length - header));
    }

    private void simplePacket(int body, int length) {
        require(body, length, 4);
        if (linkTypes.isEmpty()) {
            throw new CaptureFormatException(body, "interface 0 is not described");
        }
        packets.read(linkTypes.get(0), body + 4, Math.min(length(body), length - 4));
    }

    private static int require(int body, int length, int least) {
        if (length < least) {
            throw new CaptureFormatException(body, "the block's body has " + length + " bytes, needs " + least);
        }
        return body;
    }

    private static void requireKnown(int linkType, int at) {
        if (!PacketReader.isKnown(linkType)) {
            throw new CaptureFormatException(
                    at,
                    "link type is " + linkType
                            + ", can be read: Ethernet (1), Linux cooked (113, 276), loopback (0, 108), raw IP (12, 14, 101,"
                            + " 228, 229)");
        }
    }

    private int length(int at) {
        int length = u32(at);
        if (length < 0) {
            throw new CaptureFormatException(at, "length is " + Integer.toUnsignedString(length) + ", more than 2 GiB");
        }
        return length;
    }

    private static boolean isPcap(int magic) {
        return magic == 0xA1B2C3D4 || magic == 0xA1B23C4D;
    }

    private static int big(byte[] file) {
        return file.length < 4 ? 0 : big(file, 0);
    }

    private static int big(byte[] file, int at) {
        return (file[at] & 0xFF) << 24
                | (file[at + 1] & 0xFF) << 16
                | (file[at + 2] & 0xFF) << 8
                | (file[at + 3] & 0xFF);
    }

    private int u32(int at) {
        int value = big(file, at);
        return littleEndian ? Integer.reverseBytes(value) : value;
    }

    private int u16(int at) {
        int high = file[at] & 0xFF;
        int low = file[at + 1] & 0xFF;
        return littleEndian ? low << 8 | high : high << 8 | low;
    }
}
