package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.ProtocolVersion;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damages a server's messages before they are encrypted, or its records after, at random: only {@link SSLException} may
 * come out, the engine must be closed then, and nothing may spin. A failure names its seed, which repeats the
 * round but for the server's fresh keys. {@code -Dutls.fuzz.rounds} sets the number of rounds of each kind, {@code -Dutls.fuzz.seed} the first of them.
 */
@Timeout(3_600)
@ParameterizedClass(name = "{0}")
@MethodSource("engines")
class FuzzTest {

    private static final int ROUNDS = Integer.getInteger("utls.fuzz.rounds", 250);
    private static final long FIRST_SEED = Long.getLong("utls.fuzz.seed", 1);

    private final SSLContext context;

    FuzzTest(EngineUnderTest subject) {
        this.context = subject.context(TestAuthority.TRUSTED.trustManager(), null);
    }

    /** Only ours: the JDK's engine lets unchecked exceptions out, as {@link JsseUnderTest} lists. */
    static Stream<EngineUnderTest> engines() {
        return EngineUnderTest.all().filter(EngineUnderTest::namesPeer);
    }

    static Stream<Arguments> kinds() {
        return Stream.of(ProtocolVersion.TLSv13, ProtocolVersion.TLSv12)
                .flatMap(version -> Stream.of(true, false).map(plaintext -> Arguments.of(version, plaintext)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void onlySslExceptionsComeOut(ProtocolVersion version, boolean plaintext) throws Exception {
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long seed = FIRST_SEED + round;
            Random random = new Random(seed);
            Tampering tampering = plaintext ? damagedMessages(random) : damagedWire(random);
            RogueServer server = new RogueServer(TestAuthority.TRUSTED.server(), version, tampering);
            refused += runs(server, seed, random.nextBoolean()) ? 0 : 1;
        }
        assertThat(refused).as("rounds in which the damage was seen").isGreaterThan(ROUNDS / 3);
    }

    /** Returns whether the engine took it all; some damage does not matter, or makes it wait for more. */
    private boolean runs(RogueServer server, long seed, boolean inPieces) throws SSLException {
        SSLEngine client = EngineUnderTest.engine(context, TestAuthority.HOST, 443);
        EngineConnection connection = new EngineConnection(
                client, server, inPieces ? Delivery.random(seed) : Delivery.WHOLE, BufferStyle.HEAP);
        try {
            client.beginHandshake();
            connection.pump();
            return true;
        } catch (SSLException e) {
            assertThat(e).as("seed %s", seed).hasMessageContaining(TestAuthority.HOST);
            connection.flush();
            assertThat(client.isInboundDone() && client.isOutboundDone())
                    .as("seed %s: closed", seed)
                    .isTrue();
            return false;
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e, e);
        }
    }

    /** Damages one handshake message and, at times, those after it; record and encryption stay sound. */
    private static Tampering damagedMessages(Random random) {
        int spared = random.nextInt(5);
        return new Tampering() {
            private int messages;

            @Override
            public void write(RogueServer.Protocol server, short contentType, byte[] fragment) throws IOException {
                boolean spare = contentType != ContentType.handshake || messages++ < spared;
                byte[] written = spare ? fragment : damaged(fragment, random);
                if (written.length > 0) {
                    server.honest(contentType, written);
                }
            }
        };
    }

    /** Damages one answer of the server on the wire, ciphertext and record headers included. */
    private static Tampering damagedWire(Random random) {
        return Tampering.wire(sent -> sent.length == 0 ? sent : damaged(sent, random));
    }

    /** Flips, overwrites, cuts out, doubles or inserts, once to four times. */
    private static byte[] damaged(byte[] honest, Random random) {
        byte[] bytes = honest.clone();
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 64));
            int end = Math.min(bytes.length, at + 1 + random.nextInt(16));
            byte[] head = Arrays.copyOf(bytes, at);
            byte[] middle = Arrays.copyOfRange(bytes, at, end);
            byte[] tail = Arrays.copyOfRange(bytes, end, bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> middle[0] ^= (byte) (1 << random.nextInt(8));
                case 1 -> random.nextBytes(middle);
                case 2 -> middle = new byte[0];
                case 3 -> middle = Messages.concat(middle, middle);
                case 4 -> Arrays.fill(middle, random.nextBoolean() ? (byte) 0xff : 0);
                default -> {
                    byte[] more = new byte[random.nextInt(64)];
                    random.nextBytes(more);
                    middle = Messages.concat(more, middle);
                }
            }
            bytes = Messages.concat(head, middle, tail);
        }
        return bytes;
    }
}
