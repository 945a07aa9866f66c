package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Profile files are read, or refused with the place of each problem. */
class ProfileFileFuzzTest {

    static Stream<Arguments> seeds() {
        return Fuzzing.seeds(
                Stream.of("firefox-153", "okhttp-4-android-13", "chrome-150").map(ProfileFileFuzzTest::file));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyFile(byte[] input) {
        Fuzzing.inBoundedMemory(input, () -> {
            try {
                BrowserProfiles.parse("fuzzed.toml", new String(input, StandardCharsets.UTF_8));
            } catch (ProfileFormatException e) {
                assertThat(e).hasMessageContaining("fuzzed.toml:");
            }
        });
    }

    private static byte[] file(String name) {
        String file = "profiles/" + name + ".toml";
        try (InputStream in = Objects.requireNonNull(BrowserProfile.class.getResourceAsStream(file), file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
