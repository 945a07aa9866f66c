package io.github.hc5.utls.samples.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the bodies of a run one after the other, in the order of its requests, and reports each result after its body.
 *
 * <p>The body of the oldest unfinished request (the head) goes straight through. Those of later ones, which arrive
 * meanwhile, wait in temporary files: they can be large, and to hold back their peers could starve the head where all
 * share one HTTP/2 connection. The caller keeps the number of waiting requests within bounds, by starting a new one only
 * when a slot is given back. Not safe for use by several threads.
 */
final class FetchOutput implements AutoCloseable {

    /** Told of each result, once. */
    interface Report {
        void result(FetchResult result) throws IOException;
    }

    private final @Nullable OutputStream bodies;
    private final Report report;
    private final Map<Long, Waiting> waiting = new HashMap<>();
    private long head;

    /**
     * @param bodies where bodies go; null if nobody asked for them, and results are then reported as they come
     * @param report told of each result, once
     */
    FetchOutput(@Nullable OutputStream bodies, Report report) {
        this.bodies = bodies;
        this.report = report;
    }

    /** Writes a piece of a request's body, or puts it aside until its turn. */
    void body(long index, byte[] piece) throws IOException {
        if (bodies == null) {
            return;
        }
        if (index == head) {
            bodies.write(piece);
        } else {
            waiting(index).append(piece);
        }
    }

    /**
     * Ends a request: reports its result as soon as its turn has come, and then gives its slot back.
     *
     * @throws IOException if a body or the report cannot be written; the results until then are reported
     */
    void over(long index, FetchResult result, Runnable slotFree) throws IOException {
        if (bodies == null) {
            report.result(result);
            slotFree.run();
            return;
        }
        waiting(index).end(result, slotFree);
        for (Waiting next = waiting.get(head); next != null && next.result != null; next = waiting.get(head)) {
            waiting.remove(head);
            head++;
            if (next.result.error() == null) {
                bodies.flush();
            }
            report.result(next.result);
            next.slotFree.run();
            Waiting newHead = waiting.get(head);
            if (newHead != null) {
                newHead.moveTo(bodies);
            }
        }
    }

    /** Removes what still waits. */
    @Override
    public void close() throws IOException {
        for (Waiting each : waiting.values()) {
            each.discard();
        }
        waiting.clear();
    }

    private Waiting waiting(long index) {
        return waiting.computeIfAbsent(index, unused -> new Waiting());
    }

    /** A request whose turn has not come. */
    private static final class Waiting {

        private @Nullable Path file;
        private @Nullable OutputStream writer;
        private @Nullable FetchResult result;
        private Runnable slotFree = () -> {};

        void append(byte[] piece) throws IOException {
            if (writer == null) {
                file = Files.createTempFile("utls-body-", ".part");
                file.toFile().deleteOnExit();
                writer = Files.newOutputStream(file);
            }
            writer.write(piece);
        }

        void end(FetchResult ended, Runnable slot) {
            result = ended;
            slotFree = slot;
        }

        void moveTo(OutputStream bodies) throws IOException {
            if (file != null && writer != null) {
                writer.close();
                Files.copy(file, bodies);
                discard();
            }
        }

        void discard() throws IOException {
            if (file != null && writer != null) {
                writer.close();
                Files.deleteIfExists(file);
                file = null;
                writer = null;
            }
        }
    }
}
