package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.fingerprint.Packets.Link;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PcapReaderTest {

    private static final byte[] HELLO =
            Facts.capturedHello("chromium-156/navigation-01").records();

    @ParameterizedTest
    @EnumSource(Link.class)
    void findsAHelloInSegmentsOutOfOrder(Link link) {
        for (boolean ipv6 : new boolean[] {false, true}) {
            for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
                Packets packets = new Packets(link, ipv6, order);
                List<byte[]> segments = segments(packets, 40_000, -200);
                Collections.swap(segments, 1, 2);
                segments.add(2, segments.get(1));

                requireHellos(packets.pcap(segments), 1);
                requireHellos(packets.pcapng(segments), 1);
            }
        }
    }

    @Test
    void findsTheHelloOfEachConnectionAndReusedPorts() {
        Packets packets = new Packets(Link.ETHERNET, false, ByteOrder.LITTLE_ENDIAN);
        List<byte[]> segments = segments(packets, 40_000, 1000);
        segments.addAll(segments(packets, 40_001, 1000));
        segments.addAll(segments(packets, 40_000, 900_000));

        requireHellos(packets.pcap(segments), 3);
    }

    @Test
    void doesWithoutTheSyn() {
        Packets packets = new Packets(Link.ETHERNET, true, ByteOrder.LITTLE_ENDIAN);
        List<byte[]> segments = segments(packets, 40_000, 77);
        segments.remove(0);
        Collections.reverse(segments);

        requireHellos(packets.pcap(segments), 1);
    }

    @Test
    void aGapLeavesNoHello() {
        Packets packets = new Packets(Link.ETHERNET, false, ByteOrder.LITTLE_ENDIAN);
        List<byte[]> segments = segments(packets, 40_000, 77);
        segments.remove(2);

        assertThatThrownBy(() -> CapturedHellos.read(packets.pcap(segments)))
                .isInstanceOf(CaptureFormatException.class)
                .hasMessageContaining("no ClientHello");
    }

    @Test
    void unknownLinkTypeIsNamed() {
        byte[] capture = new Packets(Link.ETHERNET, false, ByteOrder.LITTLE_ENDIAN).pcap(List.of());
        capture[20] = (byte) 147;

        assertThatThrownBy(() -> CapturedHellos.read(capture))
                .isInstanceOf(CaptureFormatException.class)
                .hasMessageContaining("link type is 147");
    }

    private static void requireHellos(byte[] capture, int count) {
        assertThat(CapturedHellos.read(capture))
                .hasSize(count)
                .allSatisfy(hello -> assertThat(hello.random())
                        .isEqualTo(ClientHelloParser.parse(HELLO).random()));
    }

    /** A SYN and the hello in four segments. */
    private static List<byte[]> segments(Packets packets, int port, int isn) {
        List<byte[]> segments = new ArrayList<>();
        segments.add(packets.packet(port, isn, true, new byte[0]));
        int part = (HELLO.length + 3) / 4;
        for (int at = 0; at < HELLO.length; at += part) {
            byte[] data = java.util.Arrays.copyOfRange(HELLO, at, Math.min(HELLO.length, at + part));
            segments.add(packets.packet(port, isn + 1 + at, false, data));
        }
        return segments;
    }
}
