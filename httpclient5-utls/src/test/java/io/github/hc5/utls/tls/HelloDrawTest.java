package io.github.hc5.utls.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.ClientHelloMessage;
import io.github.hc5.utls.fingerprint.ClientHelloParser;
import io.github.hc5.utls.fingerprint.ClientHelloSpec;
import io.github.hc5.utls.fingerprint.ClientHelloSpec.ExtensionOrder;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.fingerprint.Grease;
import io.github.hc5.utls.fingerprint.Octets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelloDrawTest {

    private static final int DRAWS = 200;
    private static final byte[] RANDOM = bytes(32, 7);
    private static final byte[] SESSION_ID = bytes(32, 9);
    private static final byte[] DECOY = bytes(32, 5);

    private final Random seeded = new Random(156);

    @Test
    void chromeShufflesEverythingButItsGrease() {
        Set<List<Integer>> orders = new HashSet<>();
        for (int i = 0; i < DRAWS; i++) {
            ClientHelloMessage hello = drawn("chrome-156", "host.test");
            List<Integer> types = hello.extensionTypes();
            int first = types.get(0);
            int last = types.get(types.size() - 1);
            assertThat(Grease.isGrease(first) && Grease.isGrease(last)).isTrue();
            assertThat(first).isNotEqualTo(last);
            assertThat(hello.extensions().get(0).body().length()).isZero();
            assertThat(hello.extensions().get(types.size() - 1).body().toHex()).isEqualTo("00");
            orders.add(types.subList(1, types.size() - 1));
            assertThat(new HashSet<>(types.subList(1, types.size() - 1)))
                    .containsExactlyInAnyOrder(
                            0, 5, 10, 11, 13, 16, 18, 23, 27, 35, 43, 45, 51, 17613, 51764, 65037, 65281);
        }
        assertThat(orders).hasSizeGreaterThan(DRAWS - 5);
    }

    @Test
    void greaseOfChromeIsDrawnIndependentlyButForTheKeyShare() {
        Set<Integer> suites = new HashSet<>();
        int equalToGroup = 0;
        for (int i = 0; i < DRAWS; i++) {
            ClientHelloMessage hello = drawn("chrome-156", "host.test");
            int suite = hello.cipherSuites().get(0);
            int group = hello.groups().get(0);
            assertThat(Grease.isGrease(suite) && Grease.isGrease(group)).isTrue();
            assertThat(Grease.isGrease(hello.supportedVersions().get(0))).isTrue();
            assertThat(Grease.isGrease(hello.signatureAlgorithms().get(0))).isTrue();
            assertThat(hello.keyShares().get(0).group()).isEqualTo(group);
            assertThat(hello.keyShares().get(0).key().toHex()).isEqualTo("00");
            suites.add(suite);
            equalToGroup += suite == group ? 1 : 0;
        }
        assertThat(suites).hasSize(16);
        assertThat(equalToGroup).isBetween(1, DRAWS / 4);
    }

    @Test
    void echGreaseOfChromeHasFourLengths() {
        Set<Integer> payloads = new HashSet<>();
        Set<Integer> configIds = new HashSet<>();
        for (int i = 0; i < DRAWS; i++) {
            ClientHelloMessage.EchOffer ech =
                    drawn("chrome-156", "host.test").encryptedClientHello().orElseThrow();
            assertThat(ech.inner()).isFalse();
            assertThat(ech.kdf()).isEqualTo(1);
            assertThat(ech.aead()).isEqualTo(1);
            assertThat(ech.encapsulatedKey()).isEqualTo(Octets.of(DECOY));
            payloads.add(ech.payload().length());
            configIds.add(ech.configId());
        }
        assertThat(payloads).containsExactlyInAnyOrder(144, 176, 208, 240);
        assertThat(configIds).hasSizeGreaterThan(80);
    }

    @Test
    void firefoxHasOneOrderAndTwoAeads() {
        Set<List<Integer>> orders = new HashSet<>();
        Set<Integer> aeads = new HashSet<>();
        for (int i = 0; i < DRAWS; i++) {
            ClientHelloMessage hello = drawn("firefox-153", "host.test");
            orders.add(hello.extensionTypes());
            aeads.add(hello.encryptedClientHello().orElseThrow().aead());
        }
        assertThat(orders)
                .containsExactly(List.of(0, 23, 65281, 10, 11, 35, 16, 5, 34, 18, 51, 43, 13, 45, 28, 27, 65037));
        assertThat(aeads).containsExactlyInAnyOrder(1, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chrome-156", "firefox-153"})
    void theSecondHelloDiffersInKeyShareAndCookieAlone(String profile) {
        HelloDraw draw = draw(profile, "host.test", false);
        ClientHelloMessage first = parse(draw.encode(RANDOM, SESSION_ID, shares(profile), null, false));
        List<HelloDraw.Share> one = List.of(new HelloDraw.Share(24, bytes(97, 4)));
        ClientHelloMessage second = parse(draw.encode(RANDOM, SESSION_ID, one, bytes(20, 3), true));
        assertThat(second.cookie()).contains(Octets.of(bytes(20, 3)));
        assertThat(second.keyShares()).containsExactly(new ClientHelloMessage.KeyShare(24, Octets.of(bytes(97, 4))));
        assertThat(without(second, 51, 44)).isEqualTo(without(first, 51, 44));
        assertThat(second.random()).isEqualTo(first.random());
        assertThat(second.sessionId()).isEqualTo(first.sessionId());
        assertThat(second.cipherSuites()).isEqualTo(first.cipherSuites());
    }

    @Test
    void firefoxPutsTheCookieBehindTheSignatureAlgorithms() {
        HelloDraw draw = draw("firefox-153", "host.test", false);
        List<HelloDraw.Share> one = List.of(new HelloDraw.Share(24, bytes(97, 4)));
        List<Integer> types =
                parse(draw.encode(RANDOM, SESSION_ID, one, bytes(20, 3), true)).extensionTypes();
        assertThat(types.indexOf(44)).isEqualTo(types.indexOf(13) + 1);
    }

    @Test
    void anAddressHasNoServerName() {
        assertThat(drawn("chrome-156", null).serverName()).isEmpty();
        assertThat(drawn("chrome-156", "host.test").serverName()).contains("host.test");
    }

    @Test
    void http1AloneDropsApplicationSettingsToo() {
        HelloDraw draw = draw("chrome-156", "host.test", true);
        ClientHelloMessage hello = parse(draw.encode(RANDOM, SESSION_ID, shares("chrome-156"), null, false));
        assertThat(hello.alpn()).containsExactly("http/1.1");
        assertThat(hello.alps()).isEmpty();
    }

    /** BoringSSL pads a message of 256 to 511 bytes to 512, with a body of at least one byte. */
    @ParameterizedTest
    @CsvSource({"255, 255", "256, 512", "400, 512", "507, 512", "508, 513", "511, 516", "512, 512"})
    void paddingFollowsBoringSsl(int unpadded, int padded) {
        int bare = 4 + encodedWithOpaque(0).length;
        int body = unpadded - bare;
        assertThat(4 + encodedWithOpaque(body).length).isEqualTo(padded);
    }

    /** BoringSSL pads no second hello, whatever the server asked for. */
    @Test
    void aSecondHelloIsNotPadded() {
        ClientHelloSpec spec = withOpaque(300);
        HelloDraw draw = new HelloDraw(spec, null, List.of(), DECOY, seeded);
        assertThat(4 + draw.encode(RANDOM, SESSION_ID, List.of(), null, false).length)
                .isEqualTo(512);
        assertThat(4 + draw.encode(RANDOM, SESSION_ID, List.of(), null, true).length)
                .isLessThan(512);
        assertThat(4 + draw.encode(RANDOM, SESSION_ID, List.of(), new byte[] {1}, false).length)
                .isLessThan(512);
    }

    private byte[] encodedWithOpaque(int length) {
        return new HelloDraw(withOpaque(length), null, List.of(), DECOY, seeded)
                .encode(RANDOM, SESSION_ID, List.of(), null, false);
    }

    private static ClientHelloSpec withOpaque(int length) {
        return new ClientHelloSpec(
                0x0301,
                32,
                List.of(0x1301),
                List.of(new ExtensionSpec.Opaque(0x4444, Octets.of(new byte[length])), new ExtensionSpec.Padding()),
                ExtensionOrder.FIXED);
    }

    private ClientHelloMessage drawn(String profile, @Nullable String host) {
        return parse(draw(profile, host, false).encode(RANDOM, SESSION_ID, shares(profile), null, false));
    }

    private HelloDraw draw(String profile, @Nullable String host, boolean http1Only) {
        ClientHelloSpec spec = BrowserProfiles.find(profile).hello();
        return new HelloDraw(spec, host, HelloDraw.protocols(spec, http1Only), DECOY, seeded);
    }

    private static List<HelloDraw.Share> shares(String profile) {
        List<HelloDraw.Share> shares = new ArrayList<>();
        for (int group : BrowserProfiles.find(profile)
                .hello()
                .extension(ExtensionSpec.KeyShares.class)
                .orElseThrow()
                .groups()) {
            if (group != Grease.PLACEHOLDER) {
                shares.add(new HelloDraw.Share(group, bytes(group == 4588 ? 1216 : group == 23 ? 65 : 32, group)));
            }
        }
        return shares;
    }

    private static List<ClientHelloMessage.Extension> without(ClientHelloMessage hello, Integer... types) {
        List<Integer> left = List.of(types);
        return hello.extensions().stream()
                .filter(extension -> !left.contains(extension.type()))
                .toList();
    }

    private static ClientHelloMessage parse(byte[] body) {
        WireWriter record = new WireWriter(body.length + 9);
        record.u8(22).u16(0x0301);
        int fragment = record.open(2);
        record.u8(1);
        int message = record.open(3);
        record.raw(body);
        record.close(message, 3);
        record.close(fragment, 2);
        return ClientHelloParser.parse(record.toByteArray());
    }

    private static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
