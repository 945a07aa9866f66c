package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * An in-memory connection between the client engine under test and a {@link Peer}, over a wire that the test controls.
 * It drives the engine exactly as its statuses ask, until both sides have nothing left to say; a handshake that is then
 * not over would hang for ever on a real network, and fails the test at once here.
 */
final class EngineConnection {

    private static final int MAX_STALLED_CALLS = 1_000;

    private final EngineProbe probe;
    private final Peer peer;
    private final Delivery delivery;
    private final BufferStyle style;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private byte[] inFlight = new byte[0];
    private int inFlightStart;
    private byte[] arrived = new byte[0];
    private ByteBuffer unsent = ByteBuffer.allocate(0);

    EngineConnection(SSLEngine client, Peer peer, Delivery delivery, BufferStyle style) {
        this.probe = new EngineProbe(client);
        this.peer = peer;
        this.delivery = delivery;
        this.style = style;
    }

    EngineConnection(SSLEngine client, Peer peer) {
        this(client, peer, Delivery.WHOLE, BufferStyle.HEAP);
    }

    EngineProbe probe() {
        return probe;
    }

    SSLEngine client() {
        return probe.engine();
    }

    Peer peer() {
        return peer;
    }

    /** Returns the application data that has arrived at the client. */
    byte[] received() {
        return received.toByteArray();
    }

    void forgetReceived() {
        received.reset();
    }

    /** Handshakes to the end. */
    void handshake() throws SSLException {
        client().beginHandshake();
        pump();
        assertThat(client().getHandshakeStatus())
                .as("the handshake is over when neither side has more to say")
                .isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
        assertThat(probe.finished()).as("FINISHED reported").isNotEmpty();
    }

    /** Sends application data to the peer. */
    void send(byte[] data) throws SSLException {
        unsent = style.source(data);
        pump();
        assertThat(unsent.remaining())
                .as("application data not taken by the engine")
                .isZero();
    }

    /** Runs both sides until neither has anything to say. */
    void pump() throws SSLException {
        int stalled = 0;
        boolean progress = true;
        while (progress) {
            probe.runTasks();
            collect();
            boolean moved = wrap();
            probe.runTasks();
            moved |= unwrap();
            progress = moved || client().getHandshakeStatus() == HandshakeStatus.NEED_TASK;
            stalled = moved ? 0 : stalled + 1;
            assertThat(stalled)
                    .as("rounds in which the engine asked for calls that changed nothing")
                    .isLessThan(MAX_STALLED_CALLS);
        }
    }

    /** Sends what the engine still wants to send after it failed or was closed: an alert. */
    void flush() throws SSLException {
        int rounds = 0;
        while (client().getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            assertThat(rounds++).as("wraps of a closing engine").isLessThan(10);
            wrap();
        }
    }

    /** Returns how many bytes from the peer the engine has not consumed. */
    int unconsumed() {
        return arrived.length + inFlight.length - inFlightStart;
    }

    private void collect() {
        byte[] more = peer.transmit();
        if (more.length > 0) {
            inFlight = join(Arrays.copyOfRange(inFlight, inFlightStart, inFlight.length), more);
            inFlightStart = 0;
        }
    }

    private boolean wrap() throws SSLException {
        boolean progress = false;
        while (true) {
            HandshakeStatus status = client().getHandshakeStatus();
            boolean data = unsent.hasRemaining() && status == HandshakeStatus.NOT_HANDSHAKING;
            if (client().isOutboundDone() || !(data || status == HandshakeStatus.NEED_WRAP)) {
                return progress;
            }
            ByteBuffer out = style.destination(client().getSession().getPacketBufferSize());
            ByteBuffer written = out.duplicate();
            SSLEngineResult result = probe.wrap(unsent, out);
            byte[] bytes = new byte[result.bytesProduced()];
            written.get(bytes);
            if (bytes.length > 0) {
                peer.receive(bytes);
            }
            if (result.bytesProduced() == 0 && result.bytesConsumed() == 0) {
                return progress;
            }
            progress = true;
        }
    }

    /** Hands the engine the bytes at hand, once; delivers more of them where it says that they do not suffice. */
    private boolean unwrap() throws SSLException {
        if (client().isInboundDone()) {
            return false;
        }
        boolean delivered = arrived.length == 0 && deliver();
        if (arrived.length == 0 && client().getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP) {
            return delivered;
        }
        ByteBuffer in = style.source(arrived);
        ByteBuffer out = style.destination(client().getSession().getApplicationBufferSize());
        ByteBuffer written = out.duplicate();
        HandshakeStatus before = client().getHandshakeStatus();
        SSLEngineResult result = probe.unwrap(in, out);
        byte[] bytes = new byte[result.bytesProduced()];
        written.get(bytes);
        received.write(bytes, 0, bytes.length);
        arrived = Arrays.copyOfRange(arrived, result.bytesConsumed(), arrived.length);
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            return deliver();
        }
        return delivered || result.bytesConsumed() > 0 || client().getHandshakeStatus() != before;
    }

    private boolean deliver() {
        int waiting = inFlight.length - inFlightStart;
        if (waiting == 0) {
            return false;
        }
        int count = delivery.next(waiting);
        arrived = join(arrived, Arrays.copyOfRange(inFlight, inFlightStart, inFlightStart + count));
        inFlightStart += count;
        return true;
    }

    private static byte[] join(byte[] head, byte[] tail) {
        byte[] joined = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, joined, head.length, tail.length);
        return joined;
    }
}
