package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

/** Closing either half, both, too early or not at all. */
@Timeout(120)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.hc5.utls.it.hostile.EngineUnderTest#all")
class CloseTest {

    private static final byte[] LAST_WORDS = "last words".getBytes(StandardCharsets.US_ASCII);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final EngineUnderTest subject;

    CloseTest(EngineUnderTest subject) {
        this.subject = subject;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void closeNotifyIsSentOnceAndThenClosed(String protocol) throws Exception {
        EngineConnection connection = connected(protocol);
        EngineProbe probe = connection.probe();
        SSLEngine client = connection.client();

        client.closeOutbound();
        client.closeOutbound();

        assertThat(client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_WRAP);
        ByteBuffer room = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        SSLEngineResult result = probe.wrap(NOTHING, room);
        assertThat(result.getStatus()).isEqualTo(Status.CLOSED);
        assertThat(result.bytesProduced()).isPositive();
        assertThat(client.isOutboundDone()).isTrue();
        connection.peer().receive(bytesOf(room));
        assertThat(((JssePeer) connection.peer()).engine().isInboundDone()).isTrue();
        SSLEngineResult again = probe.wrap(ByteBuffer.wrap(LAST_WORDS), ByteBuffer.allocate(room.capacity()));
        assertThat(again.getStatus()).isEqualTo(Status.CLOSED);
        assertThat(again.bytesConsumed() + again.bytesProduced()).isZero();
    }

    /** Too little room for the close_notify must not lose it. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void closeNotifySurvivesAnOverflow(String protocol) throws Exception {
        EngineConnection connection = connected(protocol);
        SSLEngine client = connection.client();
        client.closeOutbound();

        SSLEngineResult refused = connection.probe().wrap(NOTHING, ByteBuffer.allocate(1));

        assertThat(refused.getStatus()).isEqualTo(Status.BUFFER_OVERFLOW);
        assertThat(client.isOutboundDone()).isFalse();
        connection.flush();
        assertThat(client.isOutboundDone()).isTrue();
        assertThat(((JssePeer) connection.peer()).engine().isInboundDone()).isTrue();
    }

    @Test
    void serverMaySpeakAfterTheClientHasFinished() throws Exception {
        EngineConnection connection = connected("TLSv1.3");
        JssePeer peer = (JssePeer) connection.peer();
        connection.client().closeOutbound();
        connection.flush();
        assertThat(connection.client().isInboundDone()).isFalse();

        peer.send(LAST_WORDS);
        connection.pump();

        assertThat(connection.received()).isEqualTo(LAST_WORDS);
        peer.closeOutbound();
        connection.pump();
        assertThat(connection.client().isInboundDone()).isTrue();
    }

    @Test
    void clientMaySpeakAfterTheServerHasFinished() throws Exception {
        EngineConnection connection = connected("TLSv1.3");
        JssePeer peer = (JssePeer) connection.peer();
        peer.closeOutbound();
        connection.pump();
        assertThat(connection.client().isInboundDone()).isTrue();
        assertThat(connection.client().isOutboundDone()).isFalse();

        connection.send(LAST_WORDS);

        assertThat(peer.received()).isEqualTo(LAST_WORDS);
        connection.client().closeOutbound();
        connection.flush();
        assertThat(connection.client().isOutboundDone()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void dataBeforeCloseNotifyIsNotLost(String protocol) throws Exception {
        EngineConnection connection = connected(protocol);
        JssePeer peer = (JssePeer) connection.peer();

        peer.send(LAST_WORDS);
        peer.closeOutbound();
        connection.pump();

        assertThat(connection.received()).isEqualTo(LAST_WORDS);
        assertThat(connection.client().isInboundDone()).isTrue();
        connection.client().closeInbound();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void unwrapAfterCloseNotifyIsClosed(String protocol) throws Exception {
        EngineConnection connection = connected(protocol);
        ((JssePeer) connection.peer()).closeOutbound();
        connection.pump();
        ByteBuffer garbage = ByteBuffer.wrap(new byte[] {23, 3, 3, 0, 1, 0});

        SSLEngineResult result = connection.probe().unwrap(garbage, ByteBuffer.allocate(20_000));

        assertThat(result.getStatus()).isEqualTo(Status.CLOSED);
        assertThat(result.bytesConsumed()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void endOfStreamWithoutCloseNotifyIsATruncation(String protocol) throws Exception {
        EngineConnection connection = connected(protocol);

        assertThatThrownBy(() -> connection.client().closeInbound())
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("close_notify");

        assertThat(connection.client().isInboundDone()).isTrue();
        connection.flush();
        connection.client().closeOutbound();
        connection.flush();
        assertThat(connection.client().isOutboundDone()).isTrue();
        connection.client().closeInbound();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void endOfStreamInTheHandshakeIsAnError(String protocol) throws Exception {
        SSLEngine client = subject.engine();
        EngineProbe probe = new EngineProbe(client);
        client.beginHandshake();
        JssePeer peer = JssePeer.speaking(protocol);
        ByteBuffer hello = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        probe.wrap(NOTHING, hello);
        peer.receive(bytesOf(hello));
        byte[] flight = peer.transmit();
        probe.unwrap(ByteBuffer.wrap(flight), ByteBuffer.allocate(20_000));
        probe.runTasks();

        assertThatThrownBy(client::closeInbound).isInstanceOf(SSLException.class);

        client.closeOutbound();
        new EngineConnection(client, peer).flush();
        assertThat(client.isInboundDone()).isTrue();
        assertThat(client.isOutboundDone()).isTrue();
    }

    @Test
    void closingAnEngineThatNeverSpokeIsQuiet() throws Exception {
        SSLEngine client = subject.engine();
        EngineProbe probe = new EngineProbe(client);

        client.closeInbound();
        client.closeOutbound();

        ByteBuffer room = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        for (int i = 0; i < 3 && !client.isOutboundDone(); i++) {
            probe.wrap(NOTHING, room);
        }
        assertThat(room.position())
                .as("bytes for a peer that was never spoken to")
                .isZero();
        assertThat(client.isOutboundDone()).isTrue();
        assertThat(client.isInboundDone()).isTrue();
    }

    @Test
    void closedBeforeTheHandshakeNeverSendsAHello() throws Exception {
        SSLEngine client = subject.engine();
        client.closeOutbound();

        ByteBuffer room = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        SSLEngineResult result = client.wrap(NOTHING, room);

        assertThat(result.getStatus()).isEqualTo(Status.CLOSED);
        assertThat(room.position()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void closeInTheMiddleOfTheHandshake(String protocol) throws Exception {
        SSLEngine client = subject.engine();
        EngineProbe probe = new EngineProbe(client);
        client.beginHandshake();
        JssePeer peer = JssePeer.speaking(protocol);
        ByteBuffer hello = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        probe.wrap(NOTHING, hello);
        peer.receive(bytesOf(hello));

        client.closeOutbound();
        EngineConnection rest = new EngineConnection(client, peer);
        rest.flush();

        assertThat(client.isOutboundDone()).isTrue();
        assertThat(client.getHandshakeStatus()).isNotEqualTo(HandshakeStatus.NEED_WRAP);
    }

    private EngineConnection connected(String protocol) throws SSLException {
        EngineConnection connection = new EngineConnection(subject.engine(), JssePeer.speaking(protocol));
        connection.handshake();
        return connection;
    }

    private static byte[] bytesOf(ByteBuffer written) {
        byte[] bytes = new byte[written.position()];
        written.flip().get(bytes);
        return bytes;
    }
}
