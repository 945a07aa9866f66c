package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Random;
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

/** Too little room is reported without losing a byte, and the room asked for suffices. */
@Timeout(120)
@ParameterizedClass(name = "{0}")
@MethodSource("io.github.hc5.utls.it.hostile.EngineUnderTest#all")
class BufferTest {

    private static final int MAX_PLAINTEXT = 16_384;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final EngineUnderTest subject;

    BufferTest(EngineUnderTest subject) {
        this.subject = subject;
    }

    /** In the handshake and after it, each call is first made with almost no room at all. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void tinyDestinationsLoseNothing(String protocol) throws Exception {
        JssePeer peer = JssePeer.speaking(protocol);
        EngineProbe probe = new EngineProbe(subject.engine());
        probe.engine().beginHandshake();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        byte[] data = random(50_000);
        ByteBuffer outgoing = ByteBuffer.wrap(data);
        ByteBuffer incoming = NOTHING;
        boolean answered = false;
        int overflows = 0;
        for (int idle = 0; idle < 3; idle++) {
            probe.runTasks();
            while (probe.engine().getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                    || (probe.engine().getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                            && outgoing.hasRemaining())) {
                overflows += wrapWithGrowingRoom(probe, outgoing, peer);
                probe.runTasks();
                idle = 0;
            }
            if (!outgoing.hasRemaining() && !answered) {
                peer.send(data);
                answered = true;
            }
            incoming = joined(incoming, peer.transmit());
            while (incoming.hasRemaining()) {
                ByteBuffer room = ByteBuffer.allocate(0);
                SSLEngineResult result = probe.unwrap(incoming, room);
                for (int size = 1; result.getStatus() == Status.BUFFER_OVERFLOW; size = Math.min(size * 7, 32_768)) {
                    overflows++;
                    room = ByteBuffer.allocate(size);
                    result = probe.unwrap(incoming, room);
                }
                received.write(room.array(), 0, room.position());
                probe.runTasks();
                idle = 0;
                if (probe.engine().getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                    break;
                }
            }
        }

        assertThat(peer.received()).as("at the server").isEqualTo(data);
        assertThat(received.toByteArray()).as("at the client").isEqualTo(data);
        assertThat(overflows).isPositive();
    }

    private static int wrapWithGrowingRoom(EngineProbe probe, ByteBuffer outgoing, JssePeer peer) throws SSLException {
        int overflows = 0;
        ByteBuffer room = ByteBuffer.allocate(0);
        SSLEngineResult result = probe.wrap(outgoing, room);
        for (int size = 1; result.getStatus() == Status.BUFFER_OVERFLOW; size = Math.min(size * 7, 65_536)) {
            overflows++;
            room = ByteBuffer.allocate(size);
            result = probe.wrap(outgoing, room);
        }
        peer.receive(bytesOf(room));
        return overflows;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void oneByteOfRoomForeverIsOverflowForever(String protocol) throws Exception {
        EngineConnection connection = new EngineConnection(subject.engine(), JssePeer.speaking(protocol));
        connection.client().beginHandshake();
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int i = 0; i < 100; i++) {
            assertThat(connection.probe().wrap(NOTHING, one).getStatus()).isEqualTo(Status.BUFFER_OVERFLOW);
        }

        connection.handshake();

        for (int i = 0; i < 100; i++) {
            ByteBuffer data = ByteBuffer.wrap(random(100));
            assertThat(connection.probe().wrap(data, one).getStatus()).isEqualTo(Status.BUFFER_OVERFLOW);
        }
        connection.send(random(100));
        assertThat(((JssePeer) connection.peer()).received()).isEqualTo(random(100));
    }

    /** SSLIOSession sizes its buffers once, before the handshake, and keeps them. */
    @Test
    void sizesKnownBeforeTheHandshakeHoldAfterIt() throws Exception {
        EngineConnection connection = new EngineConnection(subject.engine(), JssePeer.speaking("TLSv1.2"));
        int packet = connection.client().getSession().getPacketBufferSize();
        int application = connection.client().getSession().getApplicationBufferSize();

        connection.handshake();

        assertThat(packet).isGreaterThanOrEqualTo(MAX_PLAINTEXT + 5 + 256);
        assertThat(application).isGreaterThanOrEqualTo(MAX_PLAINTEXT);
        assertThat(connection.client().getSession().getPacketBufferSize()).isLessThanOrEqualTo(packet);
        assertThat(connection.client().getSession().getApplicationBufferSize()).isLessThanOrEqualTo(application);
    }

    @Test
    void wrapGathersFromTheGivenRangeOnly() throws Exception {
        JssePeer peer = JssePeer.speaking("TLSv1.3");
        EngineConnection connection = new EngineConnection(subject.engine(), peer);
        connection.handshake();
        byte[] data = random(3_000);
        ByteBuffer outside = ByteBuffer.wrap(new byte[] {1, 2, 3});
        ByteBuffer[] sources = {
            outside,
            BufferStyle.SLICED.source(data, 0, 1_000),
            ByteBuffer.allocate(0),
            BufferStyle.DIRECT.source(data, 1_000, 1_500),
            BufferStyle.READ_ONLY_SOURCE.source(data, 2_500, 500),
            outside
        };
        while (sources[4].hasRemaining()) {
            ByteBuffer record =
                    ByteBuffer.allocate(connection.client().getSession().getPacketBufferSize());
            connection.probe().wrap(sources, 1, 4, record);
            peer.receive(bytesOf(record));
        }

        assertThat(peer.received()).isEqualTo(data);
        assertThat(outside.remaining()).isEqualTo(3);
    }

    @Test
    void unwrapScattersToTheGivenRangeOnly() throws Exception {
        JssePeer peer = JssePeer.speaking("TLSv1.3");
        EngineConnection connection = new EngineConnection(subject.engine(), peer);
        connection.handshake();
        byte[] data = random(16_000);
        peer.send(data);
        ByteBuffer outside = ByteBuffer.allocate(64);
        ByteBuffer[] destinations = {
            outside,
            BufferStyle.SLICED.destination(1),
            ByteBuffer.allocate(0),
            BufferStyle.DIRECT.destination(9_999),
            BufferStyle.OFFSET.destination(20_000),
            outside
        };
        ByteBuffer[] views = new ByteBuffer[destinations.length];
        for (int i = 0; i < views.length; i++) {
            views[i] = destinations[i].duplicate();
        }

        connection.probe().unwrap(ByteBuffer.wrap(peer.transmit()), destinations, 1, 4);

        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < views.length; i++) {
            byte[] part = new byte[destinations[i].position() - views[i].position()];
            views[i].get(part);
            all.writeBytes(part);
        }
        assertThat(all.toByteArray()).isEqualTo(data);
        assertThat(outside.position()).isZero();
    }

    /** As the Javadoc of SSLEngine has it. */
    @Test
    @SuppressWarnings("NullAway")
    void argumentsThatMakeNoSenseAreRefused() throws Exception {
        EngineConnection connection = new EngineConnection(subject.engine(), JssePeer.speaking("TLSv1.3"));
        connection.handshake();
        var engine = connection.client();
        ByteBuffer room = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        ByteBuffer[] two = {ByteBuffer.allocate(8), ByteBuffer.allocate(8)};

        assertThatThrownBy(() -> engine.wrap(two, 1, 2, room)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> engine.wrap(two, -1, 1, room)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> engine.unwrap(room, two, 0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> engine.unwrap(room, two, 2, -1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> engine.wrap(two, 0, 2, room.asReadOnlyBuffer()))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> engine.unwrap(room, ByteBuffer.allocate(100).asReadOnlyBuffer()))
                .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> engine.wrap((ByteBuffer) null, room)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine.wrap(two, 0, 2, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine.wrap(new ByteBuffer[2], 0, 2, room))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine.unwrap(null, room)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine.unwrap(room, new ByteBuffer[2])).isInstanceOf(IllegalArgumentException.class);
        connection.send(random(10));
        assertThat(((JssePeer) connection.peer()).received()).isEqualTo(random(10));
    }

    private static ByteBuffer joined(ByteBuffer head, byte[] tail) {
        return ByteBuffer.allocate(head.remaining() + tail.length)
                .put(head)
                .put(tail)
                .flip();
    }

    private static byte[] bytesOf(ByteBuffer written) {
        byte[] bytes = new byte[written.position()];
        written.flip().get(bytes);
        return bytes;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
