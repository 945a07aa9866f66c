package io.github.hc5.utls.samples.mirror;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The most recent connections, oldest first; one more than fit pushes out the oldest. Safe for several threads. */
final class ConnectionHistory {

    private final int size;

    /** Guarded by this. */
    private final ArrayDeque<ConnectionRecorder> recorders = new ArrayDeque<>();

    ConnectionHistory(int size) {
        this.size = size;
    }

    synchronized void add(ConnectionRecorder recorder) {
        if (recorders.size() == size) {
            recorders.removeFirst();
        }
        recorders.addLast(recorder);
    }

    /** Returns the records as they are now. */
    List<RecordedConnection> snapshot() {
        List<ConnectionRecorder> current;
        synchronized (this) {
            current = new ArrayList<>(recorders);
        }
        return current.stream().map(ConnectionRecorder::snapshot).toList();
    }
}
