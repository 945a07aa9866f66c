package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Captures (hex, raw records, pcap and pcapng of every kind of link) become a profile, or are refused for a reason. */
class CaptureFuzzTest {

    private static final BrowserProfile CHROME = BrowserProfiles.find("chrome-156");

    static Stream<Arguments> seeds() {
        byte[] hello = Facts.capturedHello("firefox-153/navigation-01").records();
        List<byte[]> seeds = new ArrayList<>();
        for (Packets.Link link : Packets.Link.values()) {
            for (boolean ipv6 : new boolean[] {false, true}) {
                Packets packets = new Packets(link, ipv6, ipv6 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
                List<byte[]> segments = new ArrayList<>(List.of(packets.packet(4000, 7, true, new byte[0])));
                for (int at = 0; at < hello.length; at += 700) {
                    byte[] part = Arrays.copyOfRange(hello, at, Math.min(hello.length, at + 700));
                    segments.add(packets.packet(4000, 8 + at, false, part));
                }
                seeds.add(packets.pcap(segments));
                seeds.add(packets.pcapng(segments));
            }
        }
        seeds.add(hello);
        seeds.add(Octets.of(hello).toHex().getBytes(StandardCharsets.US_ASCII));
        return Fuzzing.seeds(seeds.stream());
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyFile(byte[] input) {
        Fuzzing.inBoundedMemory(input, () -> {
            try {
                List<ClientHelloMessage> hellos = CapturedHellos.read(input);
                assertThat(hellos).isNotEmpty();
                new ProfileWriter("fuzzed", CHROME, "fuzz", HelloMerge.merge(hellos, true)).toToml();
            } catch (CaptureFormatException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            } catch (IllegalArgumentException e) {
                Fuzzing.requireReason(e);
            }
        });
    }
}
