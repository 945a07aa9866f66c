package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.Facts.CapturedHello;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Changes real hellos at random: the parser reads the result or throws its documented exception, and nothing else. */
class ClientHelloParserFuzzTest {

    private static final int ROUNDS = 30_000;

    @Test
    void onlyTheDocumentedExceptionEscapes() {
        SplittableRandom random = new SplittableRandom(20_261_121);
        List<byte[]> seeds =
                Facts.capturedHellos().limit(10).map(CapturedHello::records).toList();
        int accepted = 0;
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] seed = seeds.get(random.nextInt(seeds.size()));
            byte[] input = mutate(random, refragment(random, seed));
            try {
                ClientHelloMessage hello = ClientHelloParser.parse(input);
                assertThat(hello.wireLength()).isBetween(1, input.length);
                assertThat(Ja4.of(hello).toString()).hasSize(36);
                assertThat(Ja3.of(hello).hash()).hasSize(32);
                accepted++;
            } catch (ClientHelloFormatException e) {
                assertThat(e.offset()).as("%s", e).isBetween(0, input.length);
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("input " + HexFormat.of().formatHex(input), e);
            }
        }
        assertThat(accepted).as("changes of keys and random bytes go unnoticed").isGreaterThan(ROUNDS / 20);
        assertThat(refused).as("changes of lengths do not").isGreaterThan(ROUNDS / 20);
    }

    private static byte[] refragment(SplittableRandom random, byte[] records) {
        if (random.nextInt(3) > 0) {
            return records;
        }
        return HelloBytes.records(Arrays.copyOfRange(records, 5, records.length), 1 + random.nextInt(600));
    }

    private static byte[] mutate(SplittableRandom random, byte[] input) {
        byte[] bytes = input.clone();
        for (int change = random.nextInt(4); change >= 0; change--) {
            // Half of the changes hit the first bytes, where the lengths are.
            int at = random.nextInt(random.nextBoolean() ? Math.min(200, bytes.length) : bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = random.nextBoolean() ? 0 : (byte) 0xFF;
                case 3 ->
                    bytes = HelloBytes.concat(
                            Arrays.copyOf(bytes, at),
                            new byte[random.nextInt(8)],
                            Arrays.copyOfRange(bytes, at, bytes.length));
                default -> bytes = Arrays.copyOf(bytes, Math.max(1, random.nextInt(4) == 0 ? at : bytes.length));
            }
        }
        return bytes;
    }
}
