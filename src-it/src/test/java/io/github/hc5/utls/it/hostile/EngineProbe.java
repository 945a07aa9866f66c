package io.github.hc5.utls.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** Calls an engine, and after each call checks what {@link SSLEngine} promises of every call. */
final class EngineProbe {

    enum Call {
        WRAP,
        UNWRAP
    }

    /** One call and what came of it. */
    record Step(Call call, SSLEngineResult result) {}

    private static final int RECORD_HEADER = 5;

    private final SSLEngine engine;
    private final List<Step> finished = new ArrayList<>();
    private long calls;

    EngineProbe(SSLEngine engine) {
        this.engine = engine;
    }

    SSLEngine engine() {
        return engine;
    }

    /** Returns the calls that reported the end of a handshake. */
    List<Step> finished() {
        return finished;
    }

    /** Returns the number of wraps and unwraps so far. */
    long calls() {
        return calls;
    }

    void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    SSLEngineResult wrap(ByteBuffer source, ByteBuffer destination) throws SSLException {
        byte[] before = copy(source);
        ByteBuffer whole = source.duplicate();
        SSLEngineResult result = call(
                Call.WRAP,
                new ByteBuffer[] {source},
                new ByteBuffer[] {destination},
                () -> engine.wrap(source, destination));
        assertThat(copy(whole)).as("application data after wrap").isEqualTo(before);
        return result;
    }

    SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer destination) throws SSLException {
        return call(
                Call.WRAP,
                Arrays.copyOfRange(sources, offset, offset + length),
                new ByteBuffer[] {destination},
                () -> engine.wrap(sources, offset, length, destination));
    }

    SSLEngineResult unwrap(ByteBuffer source, ByteBuffer destination) throws SSLException {
        return call(
                Call.UNWRAP,
                new ByteBuffer[] {source},
                new ByteBuffer[] {destination},
                () -> engine.unwrap(source, destination));
    }

    SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] destinations, int offset, int length) throws SSLException {
        return call(
                Call.UNWRAP,
                new ByteBuffer[] {source},
                Arrays.copyOfRange(destinations, offset, offset + length),
                () -> engine.unwrap(source, destinations, offset, length));
    }

    private interface EngineCall {
        SSLEngineResult run() throws SSLException;
    }

    private SSLEngineResult call(Call call, ByteBuffer[] sources, ByteBuffer[] destinations, EngineCall body)
            throws SSLException {
        calls++;
        int[] sourceLimits = limits(sources);
        int[] destinationLimits = limits(destinations);
        long sourceRemaining = remaining(sources);
        long room = remaining(destinations);
        int[] starts =
                Arrays.stream(destinations).mapToInt(ByteBuffer::position).toArray();
        byte[][] backing = backing(destinations);
        ByteBuffer unread = sources[sources.length - 1].duplicate();
        byte[] unreadBefore = copy(unread);
        SSLEngineResult result = body.run();
        long consumed = sourceRemaining - remaining(sources);
        long produced = room - remaining(destinations);
        String description = call + " -> " + result.toString().replace('\n', ' ');
        assertThat(limits(sources)).as("source limits, %s", description).isEqualTo(sourceLimits);
        assertThat(limits(destinations))
                .as("destination limits, %s", description)
                .isEqualTo(destinationLimits);
        assertThat(result.bytesConsumed()).as("bytesConsumed, %s", description).isEqualTo((int) consumed);
        assertThat(result.bytesProduced()).as("bytesProduced, %s", description).isEqualTo((int) produced);
        checkBytesLeftAlone(sources[sources.length - 1], unread, unreadBefore, description);
        checkBackingLeftAlone(destinations, starts, backing, description);
        checkStatus(call, result, sourceRemaining, room, description);
        if (call == Call.UNWRAP && unreadBefore.length >= RECORD_HEADER) {
            int record = RECORD_HEADER + ((unreadBefore[3] & 0xff) << 8) + (unreadBefore[4] & 0xff);
            assertThat(result.bytesConsumed())
                    .as("one record at most, %s", description)
                    .isLessThanOrEqualTo(record);
        }
        return result;
    }

    private void checkStatus(Call call, SSLEngineResult result, long available, long room, String description) {
        boolean refused = result.getStatus() == Status.BUFFER_OVERFLOW || result.getStatus() == Status.BUFFER_UNDERFLOW;
        if (refused) {
            assertThat(result.bytesConsumed() + result.bytesProduced())
                    .as("bytes moved by a refused call, %s", description)
                    .isZero();
        }
        int packet = engine.getSession().getPacketBufferSize();
        if (call == Call.WRAP) {
            assertThat(result.getStatus()).as(description).isNotEqualTo(Status.BUFFER_UNDERFLOW);
            assertThat(result.bytesProduced()).as(description).isLessThanOrEqualTo(packet);
            if (room >= packet) {
                assertThat(result.getStatus())
                        .as("wrap with the room asked for")
                        .isNotEqualTo(Status.BUFFER_OVERFLOW);
            }
        } else {
            if (room >= engine.getSession().getApplicationBufferSize()) {
                assertThat(result.getStatus())
                        .as("unwrap with the room asked for")
                        .isNotEqualTo(Status.BUFFER_OVERFLOW);
            }
            if (available >= packet && result.getStatus() == Status.BUFFER_UNDERFLOW) {
                throw new AssertionError("underflow with " + available + " bytes, packet buffer size " + packet);
            }
        }
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            finished.add(new Step(call, result));
        } else {
            assertThat(engine.getHandshakeStatus())
                    .as("getHandshakeStatus() after %s", description)
                    .isEqualTo(result.getHandshakeStatus());
        }
        assertThat(engine.getHandshakeStatus()).isNotEqualTo(HandshakeStatus.FINISHED);
    }

    /** An engine may decrypt in place, but what it did not consume belongs to the next call. */
    private static void checkBytesLeftAlone(ByteBuffer now, ByteBuffer before, byte[] bytes, String description) {
        int consumed = now.position() - before.position();
        assertThat(copy(now))
                .as("unconsumed bytes, %s", description)
                .isEqualTo(Arrays.copyOfRange(bytes, consumed, bytes.length));
    }

    /** Returns the arrays behind the destinations as they are now. */
    private static byte[][] backing(ByteBuffer[] destinations) {
        byte[][] arrays = new byte[destinations.length][];
        for (int i = 0; i < destinations.length; i++) {
            arrays[i] = destinations[i].hasArray() ? destinations[i].array().clone() : new byte[0];
        }
        return arrays;
    }

    /** Between position and limit an engine may use the room as it likes; the array beyond belongs to others. */
    private static void checkBackingLeftAlone(
            ByteBuffer[] destinations, int[] starts, byte[][] before, String description) {
        for (int i = 0; i < destinations.length; i++) {
            if (destinations[i].hasArray()) {
                byte[] now = destinations[i].array();
                int from = destinations[i].arrayOffset() + starts[i];
                int to = destinations[i].arrayOffset() + destinations[i].limit();
                boolean same = Arrays.equals(now, 0, from, before[i], 0, from)
                        && Arrays.equals(now, to, now.length, before[i], to, now.length);
                assertThat(same)
                        .as("array outside the destination unchanged, %s", description)
                        .isTrue();
            }
        }
    }

    private static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static int[] limits(ByteBuffer[] buffers) {
        return Arrays.stream(buffers).mapToInt(ByteBuffer::limit).toArray();
    }

    private static long remaining(ByteBuffer[] buffers) {
        return Arrays.stream(buffers).mapToLong(ByteBuffer::remaining).sum();
    }
}
