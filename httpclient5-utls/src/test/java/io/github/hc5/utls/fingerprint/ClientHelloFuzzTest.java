package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The parser of hellos reads whatever it is given, or throws its documented exception with the place that is wrong. */
class ClientHelloFuzzTest {

    static Stream<Arguments> seeds() {
        return Fuzzing.seeds(Facts.capturedHellos()
                .limit(10)
                .map(Facts.CapturedHello::records)
                .flatMap(hello -> Stream.of(hello, inRecordsOf(300, hello), Arrays.copyOf(hello, hello.length / 2))));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyBytes(byte[] input) {
        Fuzzing.inBoundedMemory(input, () -> {
            try {
                ClientHelloMessage hello = ClientHelloParser.parse(input);
                assertThat(hello.wireLength()).isBetween(1, input.length);
                assertThat(Ja4.of(hello).toString()).hasSize(36);
                assertThat(Ja3.of(hello).hash()).hasSize(32);
                assertThat(Ja3n.of(hello).hash()).hasSize(32);
            } catch (ClientHelloFormatException e) {
                assertThat(e.offset()).as("%s", e).isBetween(0, input.length);
            }
        });
    }

    private static byte[] inRecordsOf(int size, byte[] hello) {
        return HelloBytes.records(Arrays.copyOfRange(hello, 5, hello.length), size);
    }
}
