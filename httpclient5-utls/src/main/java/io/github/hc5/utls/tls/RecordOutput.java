package io.github.hc5.utls.tls;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Where BC writes its records, each in one piece. While the engine wraps, they go straight to its destination; what arises
 * otherwise (the handshake's flights, alerts) waits until the engine is asked for it. For use by one thread at a time.
 */
final class RecordOutput extends OutputStream {

    private final RecordTargets targets;
    private final Deque<byte[]> waiting = new ArrayDeque<>();

    RecordOutput(RecordTargets targets) {
        this.targets = targets;
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Moves as many whole waiting records as fit, in order. Returns false if not even the first one fits. */
    boolean drain(ByteBuffer buffer) {
        boolean moved = false;
        for (byte[] record = waiting.peek();
                record != null && record.length <= buffer.remaining();
                record = waiting.peek()) {
            buffer.put(waiting.remove());
            moved = true;
        }
        return moved;
    }

    /** Gives the records that wait the version that a profile's first flight shows; BC has one of its own there. */
    void showVersion(int version) {
        for (byte[] record : waiting) {
            record[1] = (byte) (version >>> 8);
            record[2] = (byte) version;
        }
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        ByteBuffer target = targets.ciphertext();
        if (target != null) {
            RecordTargets.put(target, bytes, offset, length);
        } else {
            waiting.add(Arrays.copyOfRange(bytes, offset, offset + length));
        }
    }
}
