package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.bouncycastle.tls.AlertDescription;

/** What is demanded whenever an engine refuses a peer: the exception, the alert, the state after it, and that it passes. */
final class Refusal {

    private final EngineUnderTest subject;
    private final SSLContext context;

    Refusal(EngineUnderTest subject) {
        this.subject = subject;
        this.context = subject.context(TestAuthority.TRUSTED.trustManager(), null);
    }

    SSLException of(Misdeed misdeed) throws SSLException {
        assumeFalse(subject.isKnownToFail(misdeed.name()), "a known defect of this engine");
        try {
            return of(misdeed.server().get(), "internal_error");
        } catch (AssertionError e) {
            throw new AssertionError(misdeed + ": " + e.getMessage(), e);
        }
    }

    /** The same where the message must name what the peer itself has said, whatever that was. */
    SSLException naming(Misdeed misdeed, String words) throws SSLException {
        assumeFalse(subject.isKnownToFail(misdeed.name()), "a known defect of this engine");
        SSLException refused = of(misdeed.server().get(), "Exception");
        assertThat(refused).as(misdeed.name()).hasMessageContaining(words);
        return refused;
    }

    /** Connects to the peer, expects to be let down by it, and returns how the engine said so. */
    private SSLException of(Peer peer, String unwelcome) throws SSLException {
        SSLEngine client = EngineUnderTest.engine(context, TestAuthority.HOST, 443);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        client.setSSLParameters(parameters);
        EngineConnection connection = new EngineConnection(client, peer);
        Throwable thrown = catchThrowable(() -> {
            client.beginHandshake();
            connection.pump();
        });
        SSLException refusal = checkException(thrown, unwelcome);
        checkClosed(connection);
        checkAlert(peer);
        checkThatItPasses();
        return refusal;
    }

    private SSLException checkException(Throwable thrown, String unwelcome) {
        assertThat(thrown)
                .as("neither refused nor waited for")
                .isNotNull()
                .as("what the caller sees")
                .isInstanceOf(SSLException.class)
                .hasMessageNotContainingAny("null", unwelcome);
        if (subject.namesPeer()) {
            assertThat(thrown).hasMessageContaining(TestAuthority.HOST + ":443");
            // What a parser says of bad input may stand behind the refusal; a broken assumption of our own may not.
            for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                assertThat(cause)
                        .as("an internal error lies behind the refusal")
                        .isNotInstanceOfAny(
                                NullPointerException.class,
                                IllegalStateException.class,
                                IndexOutOfBoundsException.class,
                                ClassCastException.class,
                                UnsupportedOperationException.class);
            }
        }
        return (SSLException) thrown;
    }

    private static void checkClosed(EngineConnection connection) throws SSLException {
        SSLEngine client = connection.client();
        connection.flush();
        assertThat(client.isOutboundDone()).as("outbound done").isTrue();
        assertThat(client.isInboundDone()).as("inbound done").isTrue();
        assertThat(client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
        ByteBuffer room = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        assertThat(client.wrap(ByteBuffer.allocate(10), room).getStatus()).isEqualTo(Status.CLOSED);
        assertThat(client.unwrap(ByteBuffer.allocate(10), room).getStatus()).isEqualTo(Status.CLOSED);
        assertThat(room.position()).as("bytes out of a dead engine").isZero();
        client.closeOutbound();
        client.closeInbound();
    }

    private void checkAlert(Peer peer) {
        if (subject.namesPeer() && peer instanceof RogueServer server) {
            assertThat(server.alerts()).as("alerts sent").doesNotContain(AlertDescription.internal_error);
        }
    }

    /** The context must be none the worse for it. */
    private void checkThatItPasses() throws SSLException {
        EngineConnection next = new EngineConnection(
                EngineUnderTest.engine(context, TestAuthority.HOST, 443), JssePeer.speaking("TLSv1.3"));
        next.handshake();
        next.send(new byte[] {1});
        assertThat(((JssePeer) next.peer()).received()).containsExactly(1);
    }
}
