package io.github.hc5.utls.samples.mirror;

import io.github.hc5.utls.fingerprint.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects one connection's record while it lives. Written by the connection's event loop, read by any thread; every
 * method holds the monitor for a few assignments, {@link #snapshot()} for copying the lists.
 *
 * <p>What a client can make it hold is bounded, whatever it sends: two ClientHellos of at most 64 KiB each, {@link
 * #MAX_RECORDS} record headers, and {@link #MAX_BYTES} of frames and request heads.
 */
final class ConnectionRecorder {

    /** How many TLS records are listed. */
    static final int MAX_RECORDS = 1024;

    /** How many bytes of frames and of request heads, as they came, are kept; each counts as 32 more than it has. */
    static final int MAX_BYTES = 128 * 1024;

    private static final int ITEM_OVERHEAD = 32;

    private final long id;
    private final String remoteAddress;
    private final LongSupplier nanoTime;
    private final long startNanos;

    // all below guarded by this
    private final List<Octets> clientHellos = new ArrayList<>();
    private final List<TlsRecord> records = new ArrayList<>();
    private final List<RecordedFrame> frames = new ArrayList<>();
    private final List<String> http1Heads = new ArrayList<>();
    private boolean helloRetry;
    private @Nullable NegotiatedTls tls;
    private @Nullable Fingerprints fingerprints;
    private @Nullable String akamai;
    private @Nullable String failure;
    private long requests;
    private long omitted;
    private int bytes;

    /**
     * @param id the connection's number
     * @param remoteAddress the client's address and port
     * @param nanoTime the ticker, as {@link System#nanoTime()}
     */
    ConnectionRecorder(long id, String remoteAddress, LongSupplier nanoTime) {
        this.id = id;
        this.remoteAddress = remoteAddress;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    synchronized void record(int type, int length) {
        if (records.size() < MAX_RECORDS) {
            long millis = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - startNanos);
            records.add(new TlsRecord(type, length, millis));
        } else {
            omitted++;
        }
    }

    /** Takes the raw records of a complete ClientHello. */
    void clientHello(byte[] raw) {
        Octets hello = Octets.of(raw);
        Fingerprints computed = Fingerprints.of(raw).orElse(null);
        synchronized (this) {
            if (clientHellos.isEmpty()) {
                fingerprints = computed;
            }
            clientHellos.add(hello);
        }
    }

    synchronized void helloRetry() {
        helloRetry = true;
    }

    synchronized void negotiated(NegotiatedTls result) {
        tls = result;
    }

    /** Takes a frame. Returns false once the record is full, so that frames need no longer be decoded. */
    synchronized boolean frame(RecordedFrame frame, int keptBytes) {
        if (!fits(keptBytes)) {
            return false;
        }
        frames.add(frame);
        if (akamai == null && frame instanceof RecordedFrame.Headers) {
            akamai = Http2Opening.akamai(frames);
        }
        return true;
    }

    /** Takes the head of an HTTP/1.1 request. Returns false once the record is full. */
    synchronized boolean http1Head(String head) {
        if (!fits(head.length())) {
            return false;
        }
        http1Heads.add(head);
        return true;
    }

    /** Counts a frame or a head that is not kept. */
    synchronized void omit() {
        omitted++;
    }

    /** Counts a request and returns its number on this connection, from 1. */
    synchronized long request() {
        return ++requests;
    }

    /** Notes why the connection failed; the first reason stays. */
    synchronized void failed(String reason) {
        if (failure == null) {
            failure = reason;
        }
    }

    /** Returns the record without its lists, which cost time to copy. */
    synchronized RecordedConnection summary() {
        return record(List.of(), List.of(), List.of(), List.of());
    }

    synchronized RecordedConnection snapshot() {
        return record(clientHellos, records, frames, http1Heads);
    }

    private synchronized RecordedConnection record(
            List<Octets> hellos, List<TlsRecord> tlsRecords, List<RecordedFrame> h2, List<String> heads) {
        return new RecordedConnection(
                id,
                remoteAddress,
                hellos,
                helloRetry,
                tlsRecords,
                tls,
                fingerprints,
                akamai,
                h2,
                heads,
                requests,
                failure,
                omitted);
    }

    private synchronized boolean fits(int keptBytes) {
        int cost = keptBytes + ITEM_OVERHEAD;
        if (cost > MAX_BYTES - bytes) {
            omitted++;
            bytes = MAX_BYTES; // what follows a gap would mislead
            return false;
        }
        bytes += cost;
        return true;
    }
}
