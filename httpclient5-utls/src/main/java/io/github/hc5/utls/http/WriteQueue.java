package io.github.hc5.utls.http;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The streams that want to write their bodies, first come first served; each writes what fits and lines up again, so that
 * uploads share the connection. Those held up by a window or the full buffer wait aside. Any thread may add a stream; all
 * else is for the I/O thread.
 */
final class WriteQueue {

    private final H2Output output;
    private final Queue<H2Stream> ready = new ConcurrentLinkedQueue<>();
    private final Queue<H2Stream> stalled = new ArrayDeque<>();

    WriteQueue(H2Output output) {
        this.output = output;
    }

    /** Adds a stream unless it is there. */
    void add(H2Stream stream) {
        if (stream.isQueued.compareAndSet(false, true)) {
            ready.add(stream);
        }
    }

    /** Returns whether a stream wants to write and may; those that were held up are looked at again. */
    boolean hasReady() {
        int count = stalled.size();
        for (int i = 0; i < count; i++) {
            H2Stream stream = stalled.remove();
            if (output.takesData(stream)) {
                add(stream);
            } else if (!stream.isFinished()) {
                stalled.add(stream);
            }
        }
        return !ready.isEmpty();
    }

    /** Returns how many streams are in line. */
    int size() {
        return ready.size();
    }

    /** Takes the next stream; {@code null} if it is held up and waits aside, or there is none. */
    @Nullable
    H2Stream next() {
        H2Stream stream = ready.poll();
        if (stream == null) {
            return null;
        }
        stream.isQueued.set(false);
        if (stream.isStalled() && !output.takesData(stream)) {
            stalled.add(stream);
            return null;
        }
        return stream;
    }
}
