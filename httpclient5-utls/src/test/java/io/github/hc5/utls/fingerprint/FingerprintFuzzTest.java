package io.github.hc5.utls.fingerprint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** JA3, JA4_r and Akamai strings become specifications, or are refused for a reason. */
class FingerprintFuzzTest {

    private static final BrowserProfile CHROME = BrowserProfiles.find("chrome-156");
    private static final BrowserProfile FIREFOX = BrowserProfiles.find("firefox-153");

    static Stream<Arguments> seeds() {
        return Fuzzing.seeds(List.of(CHROME, FIREFOX).stream()
                .flatMap(profile -> Stream.of(
                        Ja3.of(profile.hello()).toString(),
                        Ja4.of(profile.hello()).raw(),
                        AkamaiFingerprint.of(profile.http2()).toString()))
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyString(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        Fuzzing.inBoundedMemory(input, () -> {
            Fuzzing.refusedOrDone(() -> ClientHelloSpec.of(Ja3.parse(text), CHROME));
            Fuzzing.refusedOrDone(() -> ClientHelloSpec.of(Ja4.parseRaw(text), FIREFOX));
            Fuzzing.refusedOrDone(() -> Http2Spec.of(AkamaiFingerprint.parse(text), CHROME));
        });
    }
}
