package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeType;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Oddities that real servers have must be borne; floods of them may be refused; neither may cost a byte or a thread. */
@Timeout(120)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.hc5.utls.it.hostile.EngineUnderTest#all")
class ToleranceTest {

    private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);
    private static final int FLOOD = 2_000;
    private static final byte[] CHANGE_CIPHER_SPEC = Messages.record(20, 0x0303, new byte[] {1});

    private final EngineUnderTest subject;
    private final Refusal refusal;

    ToleranceTest(EngineUnderTest subject) {
        this.subject = subject;
        this.refusal = new Refusal(subject);
    }

    static Stream<Misdeed> oddities() {
        return Stream.of(
                Misdeed.tls13("a few empty records", emptyRecords(5)),
                Misdeed.tls12("a few empty records", emptyRecords(5)),
                Misdeed.tls13(
                        "change_cipher_spec after ServerHello",
                        Tampering.after(HandshakeType.server_hello, (server, m) -> server.raw(CHANGE_CIPHER_SPEC))),
                Misdeed.tls13(
                        "change_cipher_spec in the encrypted flight",
                        Tampering.before(HandshakeType.certificate, (server, m) -> server.raw(CHANGE_CIPHER_SPEC))),
                Misdeed.tls13("another minor version in plaintext records", Tampering.wire(ToleranceTest::otherMinor)),
                Misdeed.tls12(
                        "warning unrecognized_name", beforeHello(Messages.record(21, 0x0303, new byte[] {1, 112}))),
                Misdeed.tls13("a KeyUpdate", keyUpdates(1, false)),
                Misdeed.tls13("a KeyUpdate that asks for one", keyUpdates(1, true)),
                Misdeed.tls13("a few KeyUpdates", keyUpdates(8, true)),
                Misdeed.tls13("a few session tickets", tickets(4)),
                Misdeed.tls13("each message in records of one byte", new Tampering() {
                    @Override
                    public void write(RogueServer.Protocol server, short contentType, byte[] fragment)
                            throws IOException {
                        for (byte b : fragment) {
                            server.honest(contentType, new byte[] {b});
                        }
                    }
                }),
                Misdeed.tls12("each message in records of one byte", new Tampering() {
                    @Override
                    public void write(RogueServer.Protocol server, short contentType, byte[] fragment)
                            throws IOException {
                        for (byte b : fragment) {
                            server.honest(contentType, new byte[] {b});
                        }
                    }
                }),
                Misdeed.tls12(
                        "HelloRequest during the handshake",
                        Tampering.before(
                                HandshakeType.server_hello_done,
                                (server, m) -> server.handshake(new byte[] {0, 0, 0, 0}))));
    }

    @ParameterizedTest
    @MethodSource("oddities")
    void odditiesAreBorne(Misdeed oddity) throws Exception {
        assumeFalse(subject.isKnownToFail(oddity.name()), "a known defect of this engine");
        talk(oddity);
    }

    static Stream<Misdeed> floods() {
        return Stream.of(
                Misdeed.tls13("empty records", emptyRecords(FLOOD)),
                Misdeed.tls12("empty records", emptyRecords(FLOOD)),
                Misdeed.tls13("a change_cipher_spec before ServerHello", beforeHello(CHANGE_CIPHER_SPEC)),
                Misdeed.tls13("change_cipher_specs before ServerHello", beforeHello(repeated(CHANGE_CIPHER_SPEC))),
                Misdeed.tls13(
                        "change_cipher_spec when connected",
                        Tampering.connected((server, m) -> server.raw(CHANGE_CIPHER_SPEC))),
                Misdeed.tls12(
                        "change_cipher_spec when connected",
                        Tampering.connected(
                                (server, m) -> server.honest(ContentType.change_cipher_spec, new byte[] {1}))),
                Misdeed.tls13("KeyUpdates", keyUpdates(FLOOD, false)),
                Misdeed.tls13("KeyUpdates that ask for one", keyUpdates(FLOOD, true)),
                Misdeed.tls13("session tickets", tickets(FLOOD)),
                Misdeed.tls12("HelloRequests", Tampering.connected((server, m) -> {
                    for (int i = 0; i < FLOOD; i++) {
                        server.handshake(new byte[] {0, 0, 0, 0});
                    }
                })),
                Misdeed.tls12("warnings", Tampering.connected((server, m) -> {
                    for (int i = 0; i < FLOOD; i++) {
                        server.alert(AlertLevel.warning, 112);
                    }
                })),
                Misdeed.tls13("user_canceled", Tampering.connected((server, m) -> {
                    for (int i = 0; i < FLOOD; i++) {
                        server.alert(AlertLevel.warning, 90);
                    }
                })),
                Misdeed.tls13("a session ticket of no bytes", ticket(new byte[0])),
                Misdeed.tls13("a session ticket cut short", ticket(new byte[] {0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9})),
                Misdeed.tls13(
                        "a session ticket that lives for ever",
                        ticket(new byte[] {-1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 1, 7, 0, 0})),
                Misdeed.tls13(
                        "a session ticket without a ticket",
                        ticket(new byte[] {0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})),
                Misdeed.tls13("another major version in plaintext records", Tampering.wire(ToleranceTest::otherMajor)),
                Misdeed.tls12("another major version in plaintext records", Tampering.wire(ToleranceTest::otherMajor)),
                Misdeed.tls12("another minor version in plaintext records", Tampering.wire(ToleranceTest::otherMinor)));
    }

    @ParameterizedTest
    @MethodSource("floods")
    void floodsAreBorneOrRefused(Misdeed flood) throws Exception {
        try {
            talk(flood);
        } catch (SSLException e) {
            refusal.of(flood);
        }
    }

    private void talk(Misdeed oddity) throws SSLException {
        RogueServer server = (RogueServer) oddity.server().get();
        EngineConnection connection = new EngineConnection(subject.engine(), server);
        connection.handshake();

        connection.send(PING);
        server.send(PING);
        connection.pump();
        connection.send(PING);

        assertThat(server.received())
                .as(oddity.name())
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("pingping");
        assertThat(connection.received()).as(oddity.name()).isEqualTo(PING);
        assertThat(server.failure()).as(oddity.name()).isNull();
    }

    private static Tampering emptyRecords(int count) {
        return Tampering.connected((server, m) -> {
            for (int i = 0; i < count; i++) {
                server.honest(ContentType.application_data, new byte[0]);
            }
        });
    }

    private static Tampering keyUpdates(int count, boolean requested) {
        return Tampering.connected((server, m) -> {
            for (int i = 0; i < count; i++) {
                server.keyUpdate(requested);
            }
        });
    }

    private static Tampering tickets(int count) {
        byte[] ticket = Messages.message(
                HandshakeType.new_session_ticket, new byte[] {0, 0, 1, 0, 1, 2, 3, 4, 1, 9, 0, 2, 5, 6, 0, 0});
        return Tampering.connected((server, m) -> {
            for (int i = 0; i < count; i++) {
                server.handshake(ticket);
            }
        });
    }

    private static Tampering ticket(byte[] body) {
        byte[] ticket = Messages.message(HandshakeType.new_session_ticket, body);
        return Tampering.connected((server, m) -> server.handshake(ticket));
    }

    private static Tampering beforeHello(byte[] raw) {
        return Tampering.before(HandshakeType.server_hello, (server, m) -> server.raw(raw));
    }

    private static byte[] repeated(byte[] record) {
        byte[][] all = new byte[FLOOD][];
        Arrays.fill(all, record);
        return Messages.concat(all);
    }

    private static byte[] otherMinor(byte[] sent) {
        return withVersion(sent, 2, 1);
    }

    private static byte[] otherMajor(byte[] sent) {
        return withVersion(sent, 1, 9);
    }

    /** What is encrypted in TLS 1.3 vouches for the version in its header; the version of a plaintext record means nothing. */
    private static byte[] withVersion(byte[] sent, int index, int value) {
        byte[] changed = sent.clone();
        for (int at = 0; at < sent.length; at += 5 + Messages.unsigned(sent, at + 3)) {
            if (sent[at] != ContentType.application_data) {
                changed[at + index] = (byte) value;
            }
        }
        return changed;
    }
}
