package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Changes captures, fingerprints and profile files at random: only the documented exceptions come out. Captures are bounded
 * by their own length, so no length field may make the reader ask for more. A longer run: {@code -Dutls.fuzz=100}.
 */
class ImportFuzzTest {

    private static final int FACTOR = Integer.getInteger("utls.fuzz", Boolean.getBoolean("utls.full") ? 20 : 1);
    private static final BrowserProfile CHROME = BrowserProfiles.find("chrome-156");
    private static final BrowserProfile FIREFOX = BrowserProfiles.find("firefox-153");

    private interface Target {
        void run(byte[] input);
    }

    @Test
    void captures() {
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
        fuzz(1, 3_000, seeds, input -> {
            try {
                List<ClientHelloMessage> hellos = CapturedHellos.read(input);
                assertThat(hellos).isNotEmpty();
                new ProfileWriter("fuzzed", CHROME, "fuzz", HelloMerge.merge(hellos, true)).toToml();
            } catch (CaptureFormatException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            } catch (IllegalArgumentException e) {
                requireReason(e);
            }
        });
    }

    @Test
    void fingerprints() {
        List<byte[]> seeds = new ArrayList<>();
        for (BrowserProfile profile : List.of(CHROME, FIREFOX)) {
            seeds.add(Ja3.of(profile.hello()).toString().getBytes(StandardCharsets.ISO_8859_1));
            seeds.add(Ja4.of(profile.hello()).raw().getBytes(StandardCharsets.ISO_8859_1));
            seeds.add(AkamaiFingerprint.of(profile.http2()).toString().getBytes(StandardCharsets.ISO_8859_1));
        }
        fuzz(2, 40_000, seeds, input -> {
            String text = new String(input, StandardCharsets.ISO_8859_1);
            refusedOrDone(() -> ClientHelloSpec.of(Ja3.parse(text), CHROME));
            refusedOrDone(() -> ClientHelloSpec.of(Ja4.parseRaw(text), FIREFOX));
            refusedOrDone(() -> Http2Spec.of(AkamaiFingerprint.parse(text), CHROME));
        });
    }

    @Test
    void profileFiles() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (String name : List.of("firefox-153", "okhttp-4-android-13")) {
            String file = "profiles/" + name + ".toml";
            try (InputStream in = Objects.requireNonNull(BrowserProfile.class.getResourceAsStream(file), file)) {
                seeds.add(in.readAllBytes());
            }
        }
        fuzz(3, 200, seeds, input -> {
            try {
                BrowserProfiles.parse("fuzzed.toml", new String(input, StandardCharsets.UTF_8));
            } catch (ProfileFormatException e) {
                assertThat(e).hasMessageContaining("fuzzed.toml:");
            }
        });
    }

    private static void refusedOrDone(Runnable parse) {
        try {
            parse.run();
        } catch (IllegalArgumentException e) {
            requireReason(e);
        }
    }

    /** A message of our own, not one of a parser below. */
    private static void requireReason(IllegalArgumentException e) {
        assertThat(e).isExactlyInstanceOf(IllegalArgumentException.class).hasMessageMatching("(?s).{10,}");
    }

    private static void fuzz(long seed, int rounds, List<byte[]> seeds, Target target) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < rounds * FACTOR; round++) {
            byte[] input = changed(random, seeds.get(random.nextInt(seeds.size())));
            try {
                target.run(input);
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError(
                        "round " + round + ", input " + HexFormat.of().formatHex(input), e);
            }
        }
    }

    private static byte[] changed(SplittableRandom random, byte[] seed) {
        byte[] bytes = seed.clone();
        for (int change = random.nextInt(4); change >= 0 && bytes.length > 8; change--) {
            int at = random.nextInt(random.nextBoolean() ? Math.min(160, bytes.length) : bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = random.nextBoolean() ? 0 : (byte) 0xFF;
                case 3 -> bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
                case 4 -> bytes[at] = bytes[random.nextInt(bytes.length)];
                default -> bytes = withoutOrTwice(random, bytes, at);
            }
        }
        return bytes;
    }

    private static byte[] withoutOrTwice(SplittableRandom random, byte[] bytes, int at) {
        int length = Math.min(1 + random.nextInt(32), bytes.length - at);
        boolean twice = random.nextBoolean();
        byte[] result = new byte[bytes.length + (twice ? length : -length)];
        int kept = twice ? at + length : at;
        System.arraycopy(bytes, 0, result, 0, kept);
        int from = twice ? at : at + length;
        System.arraycopy(bytes, from, result, kept, bytes.length - from);
        return result;
    }
}
