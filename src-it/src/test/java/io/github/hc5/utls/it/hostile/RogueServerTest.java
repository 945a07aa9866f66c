package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.tls.ProtocolVersion;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Without tampering the rogue server is an honest one: what the other tests see comes from the tampering alone. */
@Timeout(60)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.hc5.utls.it.hostile.EngineUnderTest#all")
class RogueServerTest {

    private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);

    private final EngineUnderTest subject;

    RogueServerTest(EngineUnderTest subject) {
        this.subject = subject;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void honestTls13(boolean ec) throws Exception {
        talk(new RogueServer(credentials(ec), ProtocolVersion.TLSv13, Tampering.NONE), "TLSv1.3");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void honestTls12(boolean ec) throws Exception {
        talk(new RogueServer(credentials(ec), ProtocolVersion.TLSv12, Tampering.NONE), "TLSv1.2");
    }

    private static Credentials credentials(boolean ec) {
        return ec ? TestAuthority.TRUSTED.server() : TestAuthority.TRUSTED.rsaServer();
    }

    private void talk(RogueServer server, String protocol) throws Exception {
        EngineConnection connection = new EngineConnection(subject.engine(), server);
        connection.handshake();
        assertThat(connection.client().getSession().getProtocol()).isEqualTo(protocol);

        connection.send(PING);
        server.send(PING);
        connection.pump();

        assertThat(server.received()).isEqualTo(PING);
        assertThat(connection.received()).isEqualTo(PING);
        assertThat(server.alerts()).isEmpty();
        assertThat(server.failure()).isNull();
    }
}
