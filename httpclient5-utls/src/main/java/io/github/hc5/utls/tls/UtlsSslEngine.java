package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.bouncycastle.tls.SecurityParameters;
import org.jspecify.annotations.Nullable;

/**
 * A client-side {@link SSLEngine} over {@link UtlsClientProtocol}.
 *
 * <p>Each {@code unwrap} takes one whole record, each {@code wrap} makes one. Between heap buffers, TLS 1.3 with AES-GCM
 * decrypts from the source into the destination, and encrypts in the destination; in other cases a record is decrypted in
 * place, in the source, which as with the JDK's engine is therefore written to, and copied once. The handshake's own
 * work is done inside {@code unwrap}, without delegated tasks: its costly part, the key shares, was done beforehand
 * ({@link KeySharePool}).
 *
 * <p>{@code FINISHED} is reported by the last {@code wrap} in TLS 1.3 and by the last {@code unwrap} in TLS 1.2. As with
 * the JDK's engine, one lock serialises all calls, so that reading and writing may come from different threads.
 */
final class UtlsSslEngine extends SSLEngine {

    private static final int RECORD_HEADER = 5;
    private static final int APPLICATION_DATA = 23;
    private static final ByteBuffer[] NO_BUFFERS = {};

    /** Makes the protocol when the handshake begins, by the parameters that hold then. */
    interface ProtocolFactory {
        UtlsClientProtocol create(UtlsSslEngine engine, RecordTargets targets, RecordOutput records);
    }

    /** The engine's life; closing is told by the protocol and the two flags of the directions. */
    private enum Phase {
        NEW,
        HANDSHAKING,
        ESTABLISHED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final EngineParameters parameters;
    private final ProtocolFactory protocolFactory;
    private final UtlsSslSession session;

    // All below are guarded by lock.
    private final RecordTargets recordTargets = new RecordTargets();
    private final RecordOutput records = new RecordOutput(recordTargets);
    private final byte[] header = new byte[RECORD_HEADER];
    private @Nullable UtlsClientProtocol protocol;
    private Phase phase = Phase.NEW;
    private boolean inboundDone;
    private boolean outboundClosed;
    private boolean failed;
    private ByteBuffer[] destinations = NO_BUFFERS;
    private int destinationIndex;
    private int destinationEnd;
    private int produced;
    private byte[] scratch = new byte[0];

    // Read by the trust manager during the handshake, within the lock.
    private volatile @Nullable String applicationProtocol;

    UtlsSslEngine(
            @Nullable String host,
            int port,
            EngineParameters parameters,
            UtlsSslSession session,
            ProtocolFactory protocolFactory) {
        super(host, port);
        this.parameters = parameters;
        this.session = session;
        this.protocolFactory = protocolFactory;
    }

    BrowserProfile profile() {
        return session.profile();
    }

    UtlsSslSession session() {
        return session;
    }

    EngineParameters parameters() {
        return parameters;
    }

    boolean verifiesHost() {
        return parameters.verifiesHost();
    }

    boolean isTls13() {
        return protocol != null && protocol.tls13();
    }

    /** Returns what has been negotiated so far; for the protocol's own callbacks during the handshake. */
    SecurityParameters securityParameters() {
        return Objects.requireNonNull(protocol).securityParameters();
    }

    @Override
    public void beginHandshake() throws SSLException {
        lock.lock();
        try {
            if (outboundClosed || inboundDone) {
                throw new SSLException("the connection with " + peer() + " is closed");
            }
            if (phase == Phase.NEW) {
                begin();
            } else if (phase == Phase.ESTABLISHED) {
                throw new SSLException("renegotiation with " + peer() + " is not supported");
            }
        } finally {
            lock.unlock();
        }
    }

    private UtlsClientProtocol begin() throws SSLException {
        phase = Phase.HANDSHAKING;
        UtlsClientProtocol started = protocolFactory.create(this, recordTargets, records);
        protocol = started;
        try {
            started.start();
        } catch (IOException | RuntimeException e) {
            throw fail(e);
        }
        return started;
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer destination)
            throws SSLException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        if (destination.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        lock.lock();
        try {
            UtlsClientProtocol current = protocol != null || outboundClosed ? protocol : begin();
            int before = destination.position();
            if (records.hasWaiting()) {
                if (!records.drain(destination)) {
                    return result(Status.BUFFER_OVERFLOW, 0, 0);
                }
                return drained(destination.position() - before);
            }
            if (outboundClosed || current == null) {
                return result(Status.CLOSED, 0, 0);
            }
            if (phase == Phase.HANDSHAKING) {
                return result(Status.OK, 0, 0);
            }
            int available = remaining(sources, offset, length);
            int plaintext = Math.min(available, current.plaintextLimit());
            if (destination.remaining() < current.previewOutputRecord(plaintext).getRecordSize()) {
                return result(Status.BUFFER_OVERFLOW, 0, 0);
            }
            encrypt(current, sources, offset, length, plaintext, destination);
            return result(Status.OK, plaintext, destination.position() - before);
        } catch (IOException | RuntimeException e) {
            throw fail(e);
        } finally {
            lock.unlock();
        }
    }

    /** The result of a wrap that moved waiting records; the last of the handshake's may end it. */
    private SSLEngineResult drained(int bytes) {
        if (records.hasWaiting()) {
            return result(Status.OK, 0, bytes);
        }
        if (outboundClosed) {
            return new SSLEngineResult(Status.CLOSED, handshakeStatus(), 0, bytes);
        }
        return finishIfDone(Status.OK, 0, bytes);
    }

    private SSLEngineResult finishIfDone(Status status, int consumed, int bytes) {
        if (phase == Phase.HANDSHAKING && protocol != null && protocol.established() && !records.hasWaiting()) {
            phase = Phase.ESTABLISHED;
            return new SSLEngineResult(status, HandshakeStatus.FINISHED, consumed, bytes);
        }
        return result(status, consumed, bytes);
    }

    private void encrypt(
            UtlsClientProtocol current,
            ByteBuffer[] sources,
            int offset,
            int length,
            int plaintext,
            ByteBuffer destination)
            throws IOException {
        if (plaintext == 0) {
            return;
        }
        recordTargets.ciphertext(destination);
        try {
            ByteBuffer first = firstNonEmpty(sources, offset, length);
            if (first.hasArray() && first.remaining() >= plaintext) {
                current.writeApplicationData(first.array(), first.arrayOffset() + first.position(), plaintext);
                first.position(first.position() + plaintext);
            } else {
                byte[] gathered = scratch(plaintext);
                gather(sources, offset, length, gathered, plaintext);
                current.writeApplicationData(gathered, 0, plaintext);
            }
        } finally {
            recordTargets.ciphertext(null);
        }
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) throws SSLException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        for (int i = offset; i < offset + length; i++) {
            if (targets[i].isReadOnly()) {
                throw new ReadOnlyBufferException();
            }
        }
        lock.lock();
        try {
            UtlsClientProtocol current = protocol != null || inboundDone ? protocol : begin();
            if (inboundDone || current == null) {
                return result(Status.CLOSED, 0, 0);
            }
            if (phase == Phase.HANDSHAKING && records.hasWaiting()) {
                return result(Status.OK, 0, 0);
            }
            if (source.remaining() < RECORD_HEADER) {
                return result(Status.BUFFER_UNDERFLOW, 0, 0);
            }
            return unwrapRecord(current, source, targets, offset, length);
        } catch (IOException | RuntimeException e) {
            throw fail(e);
        } finally {
            lock.unlock();
        }
    }

    private SSLEngineResult unwrapRecord(
            UtlsClientProtocol current, ByteBuffer source, ByteBuffer[] targets, int offset, int length)
            throws IOException {
        int start = source.position();
        source.get(start, header);
        if (phase == Phase.HANDSHAKING) {
            TlsFailures.requireTls(header);
        }
        var preview = current.preview(header);
        int size = preview.getRecordSize();
        if (source.remaining() < size) {
            return result(Status.BUFFER_UNDERFLOW, 0, 0);
        }
        if (header[0] == APPLICATION_DATA
                && phase == Phase.ESTABLISHED
                && remaining(targets, offset, length) < preview.getContentLimit()) {
            return result(Status.BUFFER_OVERFLOW, 0, 0);
        }
        recordTargets.plaintext(phase == Phase.ESTABLISHED && length == 1 ? targets[offset] : null);
        destinations = targets;
        destinationIndex = offset;
        destinationEnd = offset + length;
        produced = 0;
        try {
            if (source.hasArray()) {
                source.position(start + size);
                current.receive(source.array(), source.arrayOffset() + start, size);
            } else {
                byte[] record = scratch(size);
                source.get(record, 0, size);
                current.receive(record, 0, size);
            }
        } finally {
            destinations = NO_BUFFERS;
            recordTargets.plaintext(null);
        }
        if (phase == Phase.HANDSHAKING && current.established()) {
            established(current);
        }
        if (current.closeNotifyReceived()) {
            inboundDone = true;
            if (current.isClosed()) {
                outboundClosed = true;
            }
            return result(Status.CLOSED, size, produced);
        }
        return finishIfDone(Status.OK, size, produced);
    }

    private void established(UtlsClientProtocol current) {
        session.negotiated(current.securityParameters());
        applicationProtocol = current.applicationProtocol();
    }

    /** Called by the protocol with the plaintext of a record, for which the destinations have room. */
    void plaintext(byte[] bytes, int offset, int length) {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (destinationIndex == destinationEnd) {
                throw new BufferOverflowException();
            }
            ByteBuffer target = destinations[destinationIndex];
            int chunk = Math.min(left, target.remaining());
            RecordTargets.put(target, bytes, from, chunk);
            from += chunk;
            left -= chunk;
            if (left > 0) {
                destinationIndex++;
            }
        }
        produced += length;
    }

    /** Ends both directions; an alert for the peer may still wait to be wrapped. */
    private SSLException fail(Exception cause) {
        boolean handshaking = phase != Phase.ESTABLISHED;
        inboundDone = true;
        outboundClosed = true;
        failed = true;
        session.invalidate();
        return TlsFailures.translate(cause, peer(), handshaking);
    }

    @Override
    public void closeInbound() throws SSLException {
        lock.lock();
        try {
            if (inboundDone) {
                return;
            }
            inboundDone = true;
            if (phase != Phase.NEW) {
                closeOutboundLocked();
                throw new SSLException(peer() + " ended the connection without close_notify: data may be missing");
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isInboundDone() {
        lock.lock();
        try {
            return inboundDone;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void closeOutbound() {
        lock.lock();
        try {
            closeOutboundLocked();
        } finally {
            lock.unlock();
        }
    }

    private void closeOutboundLocked() {
        if (outboundClosed) {
            return;
        }
        outboundClosed = true;
        if (protocol == null || !protocol.established()) {
            inboundDone = true;
        }
        if (protocol != null) {
            try {
                protocol.close();
            } catch (IOException | RuntimeException e) {
                // Nothing but the alert was to be written; without it the peer sees the connection end.
                failed = true;
            }
        }
    }

    @Override
    public boolean isOutboundDone() {
        lock.lock();
        try {
            return outboundClosed && !records.hasWaiting();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        lock.lock();
        try {
            return handshakeStatus();
        } finally {
            lock.unlock();
        }
    }

    private HandshakeStatus handshakeStatus() {
        if (records.hasWaiting()) {
            return HandshakeStatus.NEED_WRAP;
        }
        return phase == Phase.HANDSHAKING && !failed && !inboundDone
                ? HandshakeStatus.NEED_UNWRAP
                : HandshakeStatus.NOT_HANDSHAKING;
    }

    private SSLEngineResult result(Status status, int consumed, int bytes) {
        return new SSLEngineResult(status, handshakeStatus(), consumed, bytes);
    }

    @Override
    public @Nullable Runnable getDelegatedTask() {
        return null;
    }

    @Override
    public SSLSession getSession() {
        return session;
    }

    @Override
    public @Nullable SSLSession getHandshakeSession() {
        return phase == Phase.HANDSHAKING ? session : null;
    }

    @Override
    public @Nullable String getApplicationProtocol() {
        return applicationProtocol;
    }

    @Override
    public @Nullable String getHandshakeApplicationProtocol() {
        return phase == Phase.HANDSHAKING ? applicationProtocol : null;
    }

    @Override
    public SSLParameters getSSLParameters() {
        return parameters.toSslParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters wanted) {
        lock.lock();
        try {
            if (phase != Phase.NEW) {
                throw new IllegalStateException("the handshake with " + peer() + " has begun");
            }
            parameters.apply(wanted);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return parameters.cipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return parameters.cipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        parameters.requireCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return parameters.protocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return parameters.protocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        parameters.requireProtocols(protocols);
    }

    @Override
    public void setUseClientMode(boolean client) {
        if (!client) {
            throw new IllegalArgumentException("a browser's engine is a client");
        }
    }

    @Override
    public boolean getUseClientMode() {
        return true;
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        requireServerOption(need, "client authentication");
    }

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public void setWantClientAuth(boolean want) {
        requireServerOption(want, "client authentication");
    }

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(boolean enable) {
        if (!enable) {
            throw new IllegalArgumentException("sessions are not resumed yet, so each connection creates one");
        }
    }

    @Override
    public boolean getEnableSessionCreation() {
        return true;
    }

    private static void requireServerOption(boolean wanted, String what) {
        if (wanted) {
            throw new IllegalArgumentException(what + " is asked for by a server; this engine is a client");
        }
    }

    private String peer() {
        return getPeerHost() == null ? "the server" : getPeerHost() + ':' + getPeerPort();
    }

    private byte[] scratch(int size) {
        if (scratch.length < size) {
            scratch = new byte[Math.max(size, UtlsSslSession.APPLICATION_BUFFER_SIZE)];
        }
        return scratch;
    }

    private static int remaining(ByteBuffer[] buffers, int offset, int length) {
        long sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum += buffers[i].remaining();
        }
        return (int) Math.min(sum, Integer.MAX_VALUE);
    }

    private static ByteBuffer firstNonEmpty(ByteBuffer[] buffers, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (buffers[i].hasRemaining()) {
                return buffers[i];
            }
        }
        throw new IllegalArgumentException("nothing to encrypt");
    }

    private static void gather(ByteBuffer[] sources, int offset, int length, byte[] target, int size) {
        int filled = 0;
        for (int i = offset; i < offset + length && filled < size; i++) {
            int chunk = Math.min(size - filled, sources[i].remaining());
            sources[i].get(target, filled, chunk);
            filled += chunk;
        }
    }
}
