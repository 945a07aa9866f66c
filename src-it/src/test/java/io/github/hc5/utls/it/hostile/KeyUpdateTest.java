package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The server changes its keys in mid-stream, and asks the client to do so too (RFC 8446 section 4.6.3). */
@Timeout(120)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.hc5.utls.it.hostile.EngineUnderTest#all")
class KeyUpdateTest {

    private final EngineUnderTest subject;

    KeyUpdateTest(EngineUnderTest subject) {
        this.subject = subject;
    }

    @Test
    void dataFlowsAcrossKeyChanges() throws Exception {
        JssePeer peer = JssePeer.speaking("TLSv1.3");
        EngineConnection connection =
                new EngineConnection(subject.engine(), peer, Delivery.random(3), BufferStyle.HEAP);
        connection.handshake();
        Random random = new Random(3);

        for (int round = 0; round < 40; round++) {
            byte[] data = new byte[1 + random.nextInt(50_000)];
            random.nextBytes(data);
            peer.send(data);
            peer.handshakeAgain();
            peer.send(data);
            connection.pump();
            connection.send(data);
            assertThat(connection.received())
                    .as("round %s, at the client", round)
                    .isEqualTo(twice(data));
            assertThat(peer.received()).as("round %s, at the server", round).isEqualTo(data);
            connection.forgetReceived();
            peer.forgetReceived();
        }

        assertThat(connection.client().getHandshakeSession()).isNull();
    }

    @ParameterizedTest
    @EnumSource(value = BufferStyle.class, mode = EnumSource.Mode.EXCLUDE, names = "READ_ONLY_SOURCE")
    void oneByteAtATime(BufferStyle style) throws Exception {
        JssePeer peer = JssePeer.speaking("TLSv1.3");
        EngineConnection connection = new EngineConnection(subject.engine(), peer, Delivery.SINGLE_BYTES, style);
        connection.handshake();
        byte[] data = {1, 2, 3};

        for (int round = 0; round < 5; round++) {
            peer.handshakeAgain();
            peer.send(data);
            connection.pump();
            connection.send(data);
        }

        assertThat(connection.received()).hasSize(15);
        assertThat(peer.received()).hasSize(15);
    }

    private static byte[] twice(byte[] data) {
        byte[] both = new byte[data.length * 2];
        System.arraycopy(data, 0, both, 0, data.length);
        System.arraycopy(data, 0, both, data.length, data.length);
        return both;
    }
}
