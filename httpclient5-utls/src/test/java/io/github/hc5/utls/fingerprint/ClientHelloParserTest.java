package io.github.hc5.utls.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClientHelloParserTest {

    /** Where the first extension of {@link HelloBytes} starts: record and message headers and the fields before it. */
    private static final int FIRST_EXTENSION = 5 + 4 + 2 + 32 + 33 + 4 + 2 + 2;

    @Test
    void readsAHelloWithoutExtensions() {
        ClientHelloMessage hello = ClientHelloParser.parse(
                new HelloBytes().legacyVersion(0x0301).sessionIdLength(0).records());

        assertThat(hello.legacyVersion()).isEqualTo(0x0301);
        assertThat(hello.sessionId().length()).isZero();
        assertThat(hello.cipherSuites()).containsExactly(0x1301);
        assertThat(hello.compressionMethods()).containsExactly(0);
        assertThat(hello.extensions()).isEmpty();
        assertThat(hello.serverName()).isEmpty();
        assertThat(hello.recordSizeLimit()).isEmpty();
        assertThat(hello.alps()).isEmpty();
        assertThat(hello.encryptedClientHello()).isEmpty();
    }

    @Test
    void decodesCookieAndInnerEch() {
        ClientHelloMessage hello = ClientHelloParser.parse(new HelloBytes()
                .extension(ExtensionSpec.COOKIE, "0003010203")
                .extension(ExtensionSpec.ENCRYPTED_CLIENT_HELLO, "01")
                .records());

        assertThat(hello.cookie()).contains(Octets.ofHex("010203"));
        assertThat(hello.encryptedClientHello().orElseThrow().inner()).isTrue();
    }

    @Test
    void keepsTheBytesOfUnusualProtocolNames() {
        ClientHelloMessage hello = ClientHelloParser.parse(new HelloBytes()
                .extension(ExtensionSpec.ALPN, "0003" + "02" + "ea00")
                .records());

        assertThat(hello.alpn()).containsExactly("\u00ea\u0000");
    }

    @Test
    void allowsTwoGreaseExtensionsOfOneType() {
        ClientHelloMessage hello = ClientHelloParser.parse(
                new HelloBytes().extension(0x1A1A, "").extension(0x1A1A, "00").records());

        assertThat(hello.extensionTypes()).containsExactly(0x1A1A, 0x1A1A);
        assertThat(hello.extension(0x1A1A).orElseThrow().body()).isEqualTo(Octets.empty());
        assertThat(hello.extension(0x2A2A)).isEmpty();
    }

    @Test
    void leavesLaterRecordsAlone() {
        byte[] hello = new HelloBytes().records();
        ClientHelloMessage parsed =
                ClientHelloParser.parse(HelloBytes.concat(hello, HexFormat.of().parseHex("140303000101")));

        assertThat(parsed.wireLength()).isEqualTo(hello.length);
    }

    @Test
    void everyProperBeginningIsTruncated() {
        byte[] message = new HelloBytes().extension(23, "").extension(35, "").message();
        byte[] records = HelloBytes.records(message, 20);
        for (int length = 0; length < records.length; length++) {
            byte[] beginning = Arrays.copyOf(records, length);
            ClientHelloFormatException thrown = failure(beginning);

            assertThat(thrown.isTruncated()).as("%s bytes: %s", length, thrown).isTrue();
            assertThat(thrown.offset()).isEqualTo(length);
        }
    }

    static Stream<Arguments> malformedRecords() {
        return Stream.of(
                Arguments.of("474554202f20485454502f312e31", 0, "record type is 71, must be 22 (handshake)"),
                Arguments.of("1602", 1, "record version starts with 2, must be 3"),
                Arguments.of("1603010000", 3, "record length is 0, allowed are 1 to 16384"),
                Arguments.of("1603014001", 3, "record length is 16385, allowed are 1 to 16384"),
                Arguments.of("160301000402000000", 5, "handshake type is 2, must be 1 (client_hello)"),
                Arguments.of("160301000401ffffff", 6, "the message takes 16777219 bytes, at most 131072 are accepted"),
                Arguments.of("160301000101" + "1603010003000000" + "00", 14, "legacy_version needs 2 bytes, only 0"),
                Arguments.of("16030100050100000000", 9, "1 unexpected bytes after the message in its record"));
    }

    @ParameterizedTest
    @MethodSource("malformedRecords")
    void refusesRecords(String hex, int offset, String cause) {
        ClientHelloFormatException thrown = failure(HexFormat.of().parseHex(hex));

        assertThat(thrown).hasMessageContaining(cause);
        assertThat(thrown).hasMessageStartingWith("ClientHello is malformed at byte " + offset + ": ");
        assertThat(thrown.offset()).isEqualTo(offset);
        assertThat(thrown.isTruncated()).isFalse();
    }

    static Stream<Arguments> malformedMessages() {
        return Stream.of(
                Arguments.of(new HelloBytes().sessionIdLength(33), "legacy_session_id has 33 bytes, at most 32"),
                Arguments.of(new HelloBytes().cipherSuites(new byte[0]), "cipher_suites must not be empty"),
                Arguments.of(new HelloBytes().cipherSuites(new byte[3]), "cipher_suites take 3 bytes, must be an even"),
                Arguments.of(new HelloBytes().compression(), "compression_methods must not be empty"),
                Arguments.of(new HelloBytes().extension(5, "").extension(5, ""), "extension 5 occurs twice"));
    }

    @ParameterizedTest
    @MethodSource("malformedMessages")
    void refusesMessages(HelloBytes hello, String cause) {
        assertThat(failure(hello.records())).hasMessageContaining(cause);
    }

    static Stream<Arguments> malformedExtensions() {
        return Stream.of(
                Arguments.of(0, "", "length of server_name_list needs 2 bytes, only 0 are left"),
                Arguments.of(0, "0000", "server_name_list must not be empty"),
                Arguments.of(0, "0004" + "01000161", "name_type is 1, must be 0 (host_name)"),
                Arguments.of(0, "0003" + "000000", "host_name must not be empty"),
                Arguments.of(0, "0004" + "00000120", "host_name has the byte 32, must be printable ASCII"),
                Arguments.of(0, "0005" + "0000016100", "1 unexpected bytes after the host_name"),
                Arguments.of(10, "0000", "supported_groups must not be empty"),
                Arguments.of(10, "0001" + "00", "supported_groups take 1 bytes, must be an even number"),
                Arguments.of(10, "0002" + "001d00", "1 unexpected bytes after the content of extension 10"),
                Arguments.of(10, "0004" + "001d", "supported_groups needs 4 bytes, only 2 are left"),
                Arguments.of(11, "00", "ec_point_formats must not be empty"),
                Arguments.of(13, "0000", "signature_algorithms must not be empty"),
                Arguments.of(16, "0000", "ALPN protocols must not be empty"),
                Arguments.of(16, "0001" + "00", "ALPN protocol must not be empty"),
                Arguments.of(16, "0002" + "0268", "ALPN protocol needs 2 bytes, only 1 are left"),
                Arguments.of(17613, "0001" + "00", "application_settings protocol must not be empty"),
                Arguments.of(27, "00", "compress_certificate must not be empty"),
                Arguments.of(28, "40", "record_size_limit needs 2 bytes, only 1 are left"),
                Arguments.of(34, "0000", "delegated_credentials must not be empty"),
                Arguments.of(43, "03030403", "supported_versions take 3 bytes, must be an even number"),
                Arguments.of(44, "0000", "cookie must not be empty"),
                Arguments.of(45, "00", "psk_key_exchange_modes must not be empty"),
                Arguments.of(51, "0004" + "001d0000", "key_share key must not be empty"),
                Arguments.of(51, "0003" + "001d00", "length of key_share key needs 2 bytes, only 1 are left"),
                Arguments.of(0xFE0D, "02", "ECH type is 2, must be 0 (outer) or 1 (inner)"),
                Arguments.of(0xFE0D, "0000010001" + "07" + "0000" + "0000", "ECH payload must not be empty"),
                Arguments.of(41, "0000", "PSK identities must not be empty"),
                Arguments.of(41, "0002" + "0000", "PSK identity must not be empty"),
                Arguments.of(41, "0003" + "000101", "obfuscated_ticket_age needs 4 bytes, only 0 are left"),
                Arguments.of(41, "0007" + "00010100000000" + "0002" + "0100", "PSK binder has 1 bytes, must have"),
                Arguments.of(
                        41,
                        "000e" + "00010100000000".repeat(2) + "0021" + "20" + "00".repeat(32),
                        "there are 2 PSK identities and 1 binders, must be equally many"));
    }

    @ParameterizedTest
    @MethodSource("malformedExtensions")
    void refusesExtensions(int type, String body, String cause) {
        byte[] records = new HelloBytes().extension(type, body).records();

        ClientHelloFormatException thrown = failure(records);
        assertThat(thrown).hasMessageContaining(cause);
        assertThat(thrown.offset()).isBetween(FIRST_EXTENSION, records.length);
    }

    @Test
    void namesThePlaceInTheInputWhenTheMessageIsFragmented() {
        byte[] message =
                new HelloBytes().extension(43, "0203").extension(0, "0000").message();
        int whole = failure(HelloBytes.records(message, 1 << 14)).offset();
        int fragmented = failure(HelloBytes.records(message, 10)).offset();
        int inMessage = whole - 5;

        assertThat(fragmented).isEqualTo(inMessage + 5 * (inMessage / 10 + 1));
    }

    @Test
    void refusesBytesAfterTheExtensions() {
        byte[] message = HelloBytes.concat(new HelloBytes().extension(23, "").message(), new byte[1]);
        message[3]++;

        assertThatExceptionOfType(ClientHelloFormatException.class)
                .isThrownBy(() -> ClientHelloParser.parse(HelloBytes.records(message, 1 << 14)))
                .withMessageContaining("1 unexpected bytes after the extensions");
    }

    @Test
    void acceptsTheGreatestMessageInTheSmallestRecords() {
        byte[] body = new byte[60_000];
        byte[] message = new HelloBytes().extension(0xFFF0, body).message();

        ClientHelloMessage hello = ClientHelloParser.parse(HelloBytes.records(message, 1));
        assertThat(hello.extensions()).isEqualTo(List.of(new ClientHelloMessage.Extension(0xFFF0, Octets.of(body))));
        assertThat(hello.wireLength()).isEqualTo(message.length * 6);
    }

    private static ClientHelloFormatException failure(byte[] records) {
        ClientHelloFormatException thrown =
                catchThrowableOfType(ClientHelloFormatException.class, () -> ClientHelloParser.parse(records));
        assertThat(thrown).isNotNull();
        return thrown;
    }
}
