package io.github.hc5.utls.fingerprint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Writes packet captures for tests, independently of what reads them. */
record Packets(Link link, boolean ipv6, ByteOrder order) {

    private static final int SIZE = 1 << 16;

    enum Link {
        ETHERNET(1),
        VLAN(1),
        DOUBLE_VLAN(1),
        COOKED(113),
        COOKED_2(276),
        LOOPBACK(0),
        RAW(101);

        private final int type;

        Link(int type) {
            this.type = type;
        }
    }

    byte[] packet(int port, int sequence, boolean syn, byte[] data) {
        ByteBuffer packet = ByteBuffer.allocate(SIZE);
        int etherType = ipv6 ? 0x86DD : 0x0800;
        switch (link) {
            case ETHERNET -> packet.put(new byte[12]).putShort((short) etherType);
            case VLAN ->
                packet.put(new byte[12])
                        .putShort((short) 0x8100)
                        .putShort((short) 7)
                        .putShort((short) etherType);
            case DOUBLE_VLAN ->
                packet.put(new byte[12])
                        .putShort((short) 0x88A8)
                        .putShort((short) 7)
                        .putShort((short) 0x8100)
                        .putShort((short) 8)
                        .putShort((short) etherType);
            case COOKED -> packet.put(new byte[14]).putShort((short) etherType);
            case COOKED_2 -> packet.putShort((short) etherType).put(new byte[18]);
            case LOOPBACK -> packet.putInt(2);
            case RAW -> {}
        }
        if (ipv6) {
            // A destination-options header stands between IP and TCP.
            packet.put((byte) 0x60).put(new byte[3]).putShort((short) (8 + 20 + data.length));
            packet.put((byte) 60).put((byte) 64).put(new byte[32]);
            packet.put((byte) 6).put((byte) 0).put(new byte[6]);
        } else {
            packet.put((byte) 0x45).put((byte) 0).putShort((short) (40 + data.length));
            packet.put(new byte[5]).put((byte) 6).putShort((short) 0).put(new byte[8]);
        }
        packet.putShort((short) port).putShort((short) 443).putInt(sequence).putInt(0);
        packet.put((byte) 0x50).put((byte) (syn ? 2 : 0x18)).put(new byte[6]).put(data);
        if (link == Link.ETHERNET) {
            packet.put(new byte[4]);
        }
        return Arrays.copyOf(packet.array(), packet.position());
    }

    byte[] pcap(List<byte[]> packets) {
        ByteBuffer file = ByteBuffer.allocate(SIZE).order(order);
        file.putInt(0xA1B2C3D4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(0)
                .putInt(0)
                .putInt(SIZE);
        file.putInt(link.type);
        for (byte[] packet : packets) {
            file.putInt(0).putInt(0).putInt(packet.length).putInt(packet.length).put(packet);
        }
        return Arrays.copyOf(file.array(), file.position());
    }

    byte[] pcapng(List<byte[]> packets) {
        ByteBuffer file = ByteBuffer.allocate(SIZE).order(order);
        file.putInt(0x0A0D0D0A)
                .putInt(28)
                .putInt(0x1A2B3C4D)
                .putInt(1)
                .putLong(-1)
                .putInt(28);
        file.putInt(1)
                .putInt(20)
                .putShort((short) link.type)
                .putShort((short) 0)
                .putInt(0)
                .putInt(20);
        for (byte[] packet : packets) {
            int padded = (packet.length + 3) / 4 * 4;
            file.putInt(6)
                    .putInt(32 + padded)
                    .putInt(0)
                    .putLong(0)
                    .putInt(packet.length)
                    .putInt(packet.length);
            file.put(Arrays.copyOf(packet, padded)).putInt(32 + padded);
        }
        return Arrays.copyOf(file.array(), file.position());
    }
}
