package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However the wire cuts the bytes and whatever buffers they come in, each byte arrives once and in order. */
@Timeout(300)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.hc5.utls.it.hostile.EngineUnderTest#all")
class WireTest {

    private static final int PIECE = 100_000;
    private static final Set<BufferStyle> WRITABLE = EnumSet.complementOf(EnumSet.of(BufferStyle.READ_ONLY_SOURCE));

    private final EngineUnderTest subject;

    WireTest(EngineUnderTest subject) {
        this.subject = subject;
    }

    static Stream<Arguments> protocolsAndBuffers() {
        List<Arguments> all = new ArrayList<>();
        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
            for (BufferStyle style : WRITABLE) {
                all.add(Arguments.of(protocol, style));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("protocolsAndBuffers")
    void oneByteAtATime(String protocol, BufferStyle style) throws Exception {
        EngineConnection connection =
                new EngineConnection(subject.engine(), JssePeer.speaking(protocol), Delivery.SINGLE_BYTES, style);
        connection.handshake();

        transfer(connection, 3_000, 1);
    }

    @ParameterizedTest
    @MethodSource("protocolsAndBuffers")
    void severalRecordsAtOnce(String protocol, BufferStyle style) throws Exception {
        EngineConnection connection =
                new EngineConnection(subject.engine(), JssePeer.speaking(protocol), Delivery.WHOLE, style);
        connection.handshake();

        transfer(connection, 1_000_000, 2);
    }

    @ParameterizedTest
    @MethodSource("protocolsAndBuffers")
    void randomPieces(String protocol, BufferStyle style) throws Exception {
        for (long seed = 0; seed < 20; seed++) {
            EngineConnection connection =
                    new EngineConnection(subject.engine(), JssePeer.speaking(protocol), Delivery.random(seed), style);
            connection.handshake();
            transfer(connection, 60_000, seed);
        }
    }

    @ParameterizedTest
    @EnumSource(value = BufferStyle.class, mode = EnumSource.Mode.EXCLUDE, names = "READ_ONLY_SOURCE")
    void manyMegabytesBothWays(BufferStyle style) throws Exception {
        EngineConnection connection =
                new EngineConnection(subject.engine(), JssePeer.speaking("TLSv1.3"), Delivery.random(7), style);
        connection.handshake();

        transfer(connection, 8_000_000, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void inputThatMayNotBeWritten(String protocol) throws Exception {
        assumeTrue(subject.readsReadOnlySources(), "decrypts in place: a known defect of this engine");
        EngineConnection connection = new EngineConnection(
                subject.engine(), JssePeer.speaking(protocol), Delivery.random(13), BufferStyle.READ_ONLY_SOURCE);
        connection.handshake();

        transfer(connection, 200_000, 4);
    }

    /** Each suite has its own arithmetic of lengths: explicit nonces, padding, MACs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_AES_128_GCM_SHA256",
                "TLS_AES_256_GCM_SHA384",
                "TLS_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"
            })
    void everyPayloadLengthAroundTheRecordLimit(String suite) throws Exception {
        SSLContext context = JssePeer.context(
                suite.contains("_RSA_") ? TestAuthority.TRUSTED.rsaServer() : TestAuthority.TRUSTED.server());
        JssePeer peer = new JssePeer(context, engine -> engine.setEnabledCipherSuites(new String[] {suite}));
        EngineConnection connection =
                new EngineConnection(subject.engine(), peer, Delivery.random(11), BufferStyle.SLICED);
        connection.handshake();
        assertThat(connection.client().getSession().getCipherSuite()).isEqualTo(suite);

        for (int length : new int[] {1, 2, 15, 16, 17, 255, 256, 257, 16_383, 16_384, 16_385, 32_768, 32_769}) {
            transfer(connection, length, length);
        }
        transfer(connection, 2_000_000, 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void manySmallRecords(String protocol) throws Exception {
        JssePeer peer = JssePeer.speaking(protocol);
        EngineConnection connection = new EngineConnection(subject.engine(), peer);
        connection.handshake();
        byte[] data = random(2_000, 9);

        for (byte b : data) {
            peer.send(new byte[] {b});
            connection.send(new byte[] {b});
        }

        assertThat(connection.received()).isEqualTo(data);
        assertThat(peer.received()).isEqualTo(data);
    }

    /** Sends random bytes both ways in turn, and compares checksums. */
    private static void transfer(EngineConnection connection, int length, long seed)
            throws SSLException, NoSuchAlgorithmException {
        JssePeer peer = (JssePeer) connection.peer();
        SSLEngine client = connection.client();
        MessageDigest sent = MessageDigest.getInstance("SHA-256");
        MessageDigest atServer = MessageDigest.getInstance("SHA-256");
        MessageDigest atClient = MessageDigest.getInstance("SHA-256");
        Random random = new Random(seed);
        int left = length;
        while (left > 0) {
            byte[] piece = new byte[Math.min(left, 1 + random.nextInt(PIECE))];
            random.nextBytes(piece);
            sent.update(piece);
            connection.send(piece);
            peer.send(piece);
            connection.pump();
            atServer.update(peer.received());
            atClient.update(connection.received());
            peer.forgetReceived();
            connection.forgetReceived();
            left -= piece.length;
        }
        byte[] expected = sent.digest();
        assertThat(atServer.digest()).as("what the server received").isEqualTo(expected);
        assertThat(atClient.digest()).as("what the client received").isEqualTo(expected);
        assertThat(connection.unconsumed()).as("bytes left on the wire").isZero();
        assertThat(client.isInboundDone() || client.isOutboundDone()).isFalse();
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
