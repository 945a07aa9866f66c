package io.github.hc5.utls.it.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.AkamaiFingerprint;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.ClientHelloMessage;
import io.github.hc5.utls.fingerprint.ClientHelloParser;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.fingerprint.HeaderSlot;
import io.github.hc5.utls.fingerprint.Ja3n;
import io.github.hc5.utls.fingerprint.Ja4;
import io.github.hc5.utls.fingerprint.RequestKind;
import io.github.hc5.utls.samples.mirror.MirrorServer;
import io.github.hc5.utls.samples.mirror.MirrorSettings;
import io.github.hc5.utls.samples.mirror.RecordedConnection;
import io.github.hc5.utls.samples.mirror.RecordedFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server receives of each profile has the fingerprints that the catalogue's page promises, and its headers. */
class EveryProfileOnTheWireTest {

    private static MirrorServer mirror;
    private static MirrorServer http1;

    @BeforeAll
    static void start() throws Exception {
        mirror = MirrorServer.start(MirrorSettings.defaults());
        http1 = MirrorServer.start(MirrorSettings.defaults().withAlpn("http/1.1"));
    }

    @AfterAll
    static void stop() {
        mirror.close();
        http1.close();
    }

    static Stream<String> names() {
        return BrowserProfiles.names().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void hasTheFingerprintsOfThePage(String name) throws Exception {
        BrowserProfile profile = BrowserProfiles.find(name);
        RecordedConnection connection = MirrorVisit.get(mirror, profile);
        ClientHelloMessage hello =
                ClientHelloParser.parse(connection.clientHellos().get(0).toByteArray());

        if (padded(hello)
                == profile.hello().extension(ExtensionSpec.Padding.class).isPresent()) {
            assertThat(Ja3n.of(hello)).isEqualTo(Ja3n.of(profile.hello()));
            assertThat(Ja4.of(hello)).isEqualTo(Ja4.of(profile.hello()));
        } else { // a hello that needs no padding: all other extensions are there
            assertThat(hello.extensionTypes()).hasSize((int) profile.hello().extensions().stream()
                    .filter(extension -> !(extension instanceof ExtensionSpec.Cookie)
                            && !(extension instanceof ExtensionSpec.Padding))
                    .count());
        }
        assertThat(connection.akamai())
                .isEqualTo(AkamaiFingerprint.of(profile.http2()).toString());
        RecordedFrame.Headers headers = connection.frames().stream()
                .filter(RecordedFrame.Headers.class::isInstance)
                .map(RecordedFrame.Headers.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(headers.head().streamId()).isEqualTo(profile.http2().firstStreamId());
        assertThat(headers.pseudo()).isEqualTo(profile.http2().pseudoHeaders());
        assertThat(headers.headers().stream()
                        .map(field -> field.get(0) + ": " + field.get(1))
                        .filter(field -> !field.startsWith(":")))
                .isEqualTo(defaults(profile, true));
    }

    @ParameterizedTest
    @MethodSource("names")
    void hasItsHeadersOnHttp1(String name) throws Exception {
        BrowserProfile profile = BrowserProfiles.find(name);
        RecordedConnection connection = MirrorVisit.get(http1, profile);
        List<String> lines = connection.http1Heads().get(0).lines().skip(1).toList();

        assertThat(lines.stream().filter(line -> !line.isEmpty() && !line.startsWith("Host: ")))
                .isEqualTo(defaults(profile, false));
        assertThat(lines).contains("Host: localhost:" + http1.port());
    }

    private static boolean padded(ClientHelloMessage hello) {
        return hello.extensionTypes().contains(new ExtensionSpec.Padding().type());
    }

    private static List<String> defaults(BrowserProfile profile, boolean http2) {
        List<String> fields = new ArrayList<>();
        for (HeaderSlot slot : profile.headers().slots(RequestKind.NAVIGATION)) {
            if (slot instanceof HeaderSlot.Default header && slot.isOn(http2)) {
                String name = http2 ? header.name().toLowerCase(Locale.ROOT) : header.name();
                fields.add(name + ": " + header.value());
            }
        }
        return fields;
    }
}
