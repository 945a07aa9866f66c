package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of the handshake's statuses, and the calls a caller may make at odd times. */
@Timeout(120)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.hc5.utls.it.hostile.EngineUnderTest#all")
class HandshakeTest {

    private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PONG = "pong".getBytes(StandardCharsets.US_ASCII);

    private final EngineUnderTest subject;

    HandshakeTest(EngineUnderTest subject) {
        this.subject = subject;
    }

    @Test
    void tls13EndsWithTheLastWrap() throws Exception {
        EngineConnection connection = new EngineConnection(subject.engine(), JssePeer.speaking("TLSv1.3"));

        connection.handshake();

        assertFinishedBy(EngineProbe.Call.WRAP, connection);
    }

    @Test
    void tls12EndsWithTheLastUnwrap() throws Exception {
        EngineConnection connection = new EngineConnection(subject.engine(), JssePeer.speaking("TLSv1.2"));

        connection.handshake();

        assertFinishedBy(EngineProbe.Call.UNWRAP, connection);
    }

    @Test
    void statusBeforeAndAfterBegin() throws Exception {
        SSLEngine engine = subject.engine();
        assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
        assertThat(engine.getUseClientMode()).isTrue();

        engine.beginHandshake();

        assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
        assertThat(engine.isInboundDone()).isFalse();
        assertThat(engine.isOutboundDone()).isFalse();
    }

    @Test
    void clientModeIsSettledOnceTheHandshakeHasBegun() throws Exception {
        SSLEngine engine = subject.engine();
        engine.beginHandshake();

        assertThatThrownBy(() -> engine.setUseClientMode(false)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void beginTwiceIsOneHandshake(String protocol) throws Exception {
        EngineConnection connection = new EngineConnection(subject.engine(), JssePeer.speaking(protocol));
        connection.client().beginHandshake();

        connection.handshake();

        assertFinishedBy(protocol.equals("TLSv1.3") ? EngineProbe.Call.WRAP : EngineProbe.Call.UNWRAP, connection);
        exchange(connection);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void beginWhileWaitingForTheServerIsHarmless(String protocol) throws Exception {
        JssePeer peer = JssePeer.speaking(protocol);
        EngineConnection connection = new EngineConnection(subject.engine(), peer);
        SSLEngine engine = connection.client();
        engine.beginHandshake();
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        connection.probe().wrap(ByteBuffer.allocate(0), hello);
        assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_UNWRAP);

        engine.beginHandshake();

        assertThat(engine.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_UNWRAP);
        peer.receive(bytesOf(hello));
        connection.pump();
        assertFinishedBy(protocol.equals("TLSv1.3") ? EngineProbe.Call.WRAP : EngineProbe.Call.UNWRAP, connection);
        exchange(connection);
    }

    /** Renegotiation is a thing of the past: a caller is either told so, or the connection stays as it was. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void beginAfterTheHandshakeDoesNotBreakTheConnection(String protocol) throws Exception {
        EngineConnection connection = new EngineConnection(subject.engine(), JssePeer.speaking(protocol));
        connection.handshake();
        try {
            connection.client().beginHandshake();
        } catch (SSLException e) {
            assertThat(e).hasMessageNotContaining("internal");
        }

        connection.pump();

        exchange(connection);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void firstWrapBeginsTheHandshake(String protocol) throws Exception {
        JssePeer peer = JssePeer.speaking(protocol);
        EngineConnection connection = new EngineConnection(subject.engine(), peer);
        ByteBuffer data = ByteBuffer.wrap(PING);
        ByteBuffer hello = ByteBuffer.allocate(connection.client().getSession().getPacketBufferSize());

        SSLEngineResult result = connection.probe().wrap(data, hello);

        assertThat(result.getStatus()).isEqualTo(Status.OK);
        assertThat(result.bytesConsumed()).as("no data before the handshake").isZero();
        assertThat(result.bytesProduced()).isPositive();
        peer.receive(bytesOf(hello));
        connection.pump();
        exchange(connection);
    }

    @Test
    void firstUnwrapBeginsTheHandshakeAndTakesNothing() throws Exception {
        EngineProbe probe = new EngineProbe(subject.engine());
        ByteBuffer out = ByteBuffer.allocate(probe.engine().getSession().getApplicationBufferSize());

        SSLEngineResult result = probe.unwrap(ByteBuffer.allocate(0), out);

        assertThat(result.bytesProduced()).isZero();
        assertThat(probe.engine().getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
    }

    @Test
    void unwrapWithoutInputUnderflowsAndChangesNothing() throws Exception {
        EngineProbe probe = new EngineProbe(subject.engine());
        probe.engine().beginHandshake();
        probe.wrap(
                ByteBuffer.allocate(0),
                ByteBuffer.allocate(probe.engine().getSession().getPacketBufferSize()));

        for (int i = 0; i < 3; i++) {
            SSLEngineResult result = probe.unwrap(
                    ByteBuffer.allocate(0),
                    ByteBuffer.allocate(probe.engine().getSession().getApplicationBufferSize()));
            assertThat(result.getStatus()).isEqualTo(Status.BUFFER_UNDERFLOW);
            assertThat(result.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_UNWRAP);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void noTaskIsLeftOver(String protocol) throws Exception {
        EngineConnection connection = new EngineConnection(subject.engine(), JssePeer.speaking(protocol));

        connection.handshake();

        assertThat(connection.client().getDelegatedTask()).isNull();
    }

    private void assertFinishedBy(EngineProbe.Call call, EngineConnection connection) {
        List<EngineProbe.Call> calls = connection.probe().finished().stream()
                .map(EngineProbe.Step::call)
                .toList();
        assertThat(calls.get(0)).as("the call that ended the handshake").isEqualTo(call);
        if (subject.finishesOnce()) {
            assertThat(calls).as("calls that returned FINISHED").hasSize(1);
        }
    }

    private static void exchange(EngineConnection connection) throws SSLException {
        JssePeer peer = (JssePeer) connection.peer();
        connection.send(PING);
        assertThat(peer.received()).isEqualTo(PING);
        peer.send(PONG);
        connection.pump();
        assertThat(connection.received()).isEqualTo(PONG);
    }

    private static byte[] bytesOf(ByteBuffer written) {
        byte[] bytes = new byte[written.position()];
        written.flip().get(bytes);
        return bytes;
    }
}
