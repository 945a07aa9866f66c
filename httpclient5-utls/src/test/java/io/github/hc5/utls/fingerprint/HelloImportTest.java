package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hc5.utls.fingerprint.ClientHelloSpec.ExtensionOrder;
import io.github.hc5.utls.fingerprint.ExtensionSpec.EncryptedClientHelloGrease;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Captures become profiles, and what those send parses to the structure of the captures. */
class HelloImportTest {

    private static final BrowserProfile CHROME = BrowserProfiles.find("chrome-156");

    @Test
    void sixChromiumCapturesGiveTheStructureOfItsProfile() throws IOException {
        List<ClientHelloMessage> hellos = CapturedHellos.read(resource("chromium-156-hellos.txt"));
        assertThat(hellos).hasSize(6);

        ClientHelloSpec merged = HelloMerge.merge(hellos, false).spec();

        // Equal but for two things that six captures cannot tell. Each shows one of four ECH lengths, drawn anew, so
        // the set has those seen: here all but 176, which the profile has from 69 more hellos. And where the order is
        // drawn for each hello, the one in the specification says nothing: compared are GREASE at both ends and the
        // set between.
        EncryptedClientHelloGrease seen =
                merged.extension(EncryptedClientHelloGrease.class).orElseThrow();
        EncryptedClientHelloGrease rule =
                CHROME.hello().extension(EncryptedClientHelloGrease.class).orElseThrow();
        assertThat(seen.payloadLengths()).containsExactly(144, 208, 240);
        assertThat(rule.payloadLengths()).containsExactly(144, 176, 208, 240);
        assertThat(inOneOrder(merged, rule)).isEqualTo(inOneOrder(CHROME.hello(), rule));
        assertThat(HelloComparison.compare(hellos, CHROME.hello())).allMatch(HelloComparison.Field::equal);
    }

    @Test
    void firefoxCapturesGiveAFixedOrderAndBothAeads() throws IOException {
        List<ClientHelloMessage> hellos = CapturedHellos.read(resource("firefox-153-hellos.txt"));
        ClientHelloSpec firefox = BrowserProfiles.find("firefox-153").hello();

        ClientHelloSpec merged = HelloMerge.merge(hellos, false).spec();

        assertThat(merged.order()).isEqualTo(ExtensionOrder.FIXED);
        assertThat(merged.extension(ExtensionSpec.KeyShares.class).orElseThrow().sharedX25519())
                .isTrue();
        assertThat(HelloComparison.compare(hellos, firefox)).allMatch(HelloComparison.Field::equal);
    }

    @ParameterizedTest
    @MethodSource("captures")
    void replayedHelloHasTheStructureOfTheCapture(Facts.CapturedHello capture) {
        requireSameAfterReplay(List.of(ClientHelloParser.parse(capture.records())));
    }

    static Stream<Facts.CapturedHello> captures() {
        return Facts.capturedHellos();
    }

    @Test
    void replayedHelloHasTheStructureOfTheJdks() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("example.com", 443);

        requireSameAfterReplay(List.of(ClientHelloParser.parse(hello(engine))));
    }

    /** Fields are compared over the hello that the replay sends, as a server reads it. */
    static void requireSameAfterReplay(List<ClientHelloMessage> captured) {
        HelloMerge.Merged merged = HelloMerge.merge(captured, true);
        String toml = new ProfileWriter("imported", CHROME, "a test", merged)
                .date(LocalDate.of(2026, 1, 31))
                .toToml();
        BrowserProfile profile = BrowserProfiles.parse("imported.toml", toml);
        assertThat(profile.hello()).isEqualTo(merged.spec());

        String host = captured.get(0).serverName().isPresent() ? "example.com" : "127.0.0.1";
        ClientHelloMessage replayed = ClientHelloParser.parse(
                hello(UtlsSslContext.builder().profile(profile).build().createSSLEngine(host, 443)));

        assertThat(HelloMerge.merge(List.of(replayed), true).spec()).isEqualTo(merged.spec());
        assertThat(HelloComparison.compare(captured, profile.hello())).allMatch(HelloComparison.Field::equal);
    }

    @Test
    void unknownExtensionIsRefusedUnlessItIsToBeKept() {
        ClientHelloMessage hello = withExtension(0x7777, "0102");

        assertThatThrownBy(() -> HelloMerge.merge(List.of(hello), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("30583");
        HelloMerge.Merged kept = HelloMerge.merge(List.of(hello), true);
        assertThat(kept.spec().extensions()).contains(new ExtensionSpec.Opaque(0x7777, Octets.ofHex("0102")));
        assertThat(kept.notes()).anyMatch(note -> note.contains("30583"));
        requireSameAfterReplay(List.of(hello));
    }

    @Test
    void hellosOfTwoClientsAreRefused() throws IOException {
        List<ClientHelloMessage> both = List.of(
                CapturedHellos.read(resource("chromium-156-hellos.txt")).get(0),
                CapturedHellos.read(resource("firefox-153-hellos.txt")).get(0));

        assertThatThrownBy(() -> HelloMerge.merge(both, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cipher_suites differs");
    }

    @Test
    void comparisonNamesWhatDiffers() throws IOException {
        List<ClientHelloMessage> firefox = CapturedHellos.read(resource("firefox-153-hellos.txt"));

        List<HelloComparison.Field> fields = HelloComparison.compare(firefox, CHROME.hello());

        assertThat(fields)
                .filteredOn(field -> !field.equal())
                .extracting(HelloComparison.Field::name)
                .contains("cipher_suites", "extensions", "extension.delegated_credentials")
                .doesNotContain("record_version");
    }

    @Test
    void writesTheStartOfHttp2() throws IOException {
        List<ClientHelloMessage> hellos = CapturedHellos.read(resource("chromium-156-hellos.txt"));
        AkamaiFingerprint start = AkamaiFingerprint.parse("1:4096;3:100;4:65536|1000|3:0:0:201,5:1:3:1|p,m,s,a");

        String toml = new ProfileWriter("mine", CHROME, "a test", HelloMerge.merge(hellos, false))
                .http2(start)
                .userAgent("Mine/1 \"quoted\"")
                .toToml();

        BrowserProfile mine = BrowserProfiles.parse("mine.toml", toml);
        assertThat(AkamaiFingerprint.of(mine.http2())).isEqualTo(start);
        assertThat(mine.headers().userAgent()).isEqualTo("Mine/1 \"quoted\"");
        assertThat(mine.http2().streamRefill().threshold()).isLessThanOrEqualTo(32768);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "zz", "160", "16 03 01", "00ff", "# nothing\n"})
    void whatIsNoCaptureIsRefused(String text) {
        assertThatThrownBy(() -> CapturedHellos.read(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
                .isInstanceOf(CaptureFormatException.class);
    }

    @Test
    void hexAndBinaryAreTheSame() {
        byte[] records = Facts.capturedHello("firefox-153/navigation-01").records();
        String spaced = Octets.of(records).toHex().replaceAll("(.{32})", "$1\n").replaceAll("(..)(?=.)", "$1:");

        assertThat(CapturedHellos.read(records)).hasSize(1);
        assertThat(CapturedHellos.read(spaced.getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .singleElement()
                .extracting(ClientHelloMessage::random)
                .isEqualTo(CapturedHellos.read(records).get(0).random());
    }

    /** The specification with the extensions between the first and the last by their types, and with this ECH. */
    private static ClientHelloSpec inOneOrder(ClientHelloSpec spec, EncryptedClientHelloGrease ech) {
        List<ExtensionSpec> all = spec.extensions().stream()
                .map(extension -> extension instanceof EncryptedClientHelloGrease ? ech : extension)
                .collect(Collectors.toList());
        all.subList(1, all.size() - 1).sort(Comparator.comparingInt(ExtensionSpec::type));
        return new ClientHelloSpec(
                spec.recordVersion(), spec.sessionIdLength(), spec.cipherSuites(), all, spec.order());
    }

    /** Firefox's hello with another extension in front. */
    private static ClientHelloMessage withExtension(int type, String body) {
        ClientHelloMessage hello = ClientHelloParser.parse(
                Facts.capturedHello("firefox-153/navigation-01").records());
        ByteBuffer extensions = ByteBuffer.allocate(1 << 16);
        extensions
                .putShort((short) type)
                .putShort((short) (body.length() / 2))
                .put(Octets.ofHex(body).toByteArray());
        for (ClientHelloMessage.Extension each : hello.extensions()) {
            extensions.putShort((short) each.type()).putShort((short)
                    each.body().length());
            extensions.put(each.body().toByteArray());
        }
        ByteBuffer message = ByteBuffer.allocate(1 << 16);
        message.put((byte) 1).put((byte) 0).putShort((short) 0).putShort((short) 0x0303);
        message.put(hello.random().toByteArray()).put((byte) hello.sessionId().length());
        message.put(hello.sessionId().toByteArray())
                .putShort((short) (2 * hello.cipherSuites().size()));
        hello.cipherSuites().forEach(suite -> message.putShort(suite.shortValue()));
        message.put((byte) 1).put((byte) 0).putShort((short) extensions.position());
        message.put(extensions.flip());
        message.putShort(2, (short) (message.position() - 4));
        ByteBuffer record = ByteBuffer.allocate(1 << 17).put((byte) 22).putShort((short) 0x0301);
        record.putShort((short) message.position()).put(message.flip());
        byte[] bytes = new byte[record.position()];
        record.flip().get(bytes);
        return ClientHelloParser.parse(bytes);
    }

    private static byte[] hello(SSLEngine engine) {
        engine.setUseClientMode(true);
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        try {
            engine.beginHandshake();
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                engine.wrap(ByteBuffer.allocate(0), record);
                record.flip();
                records.write(record.array(), record.position(), record.remaining());
                record.clear();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return records.toByteArray();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(HelloImportTest.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }
}
