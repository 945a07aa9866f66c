package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.bouncycastle.tls.RecordPreview;
import org.bouncycastle.tls.SecurityParameters;
import org.jspecify.annotations.Nullable;

/**
 * A client-side {@link javax.net.ssl.SSLEngine} over {@link UtlsClientProtocol}.
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
final class UtlsSslEngine extends ClientSslEngine {

    private static final int RECORD_HEADER = 5;
    private static final int APPLICATION_DATA = 23;

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
    private final HandshakeLimit handshakeLimit = new HandshakeLimit();
    private @Nullable ScatteredTarget target;
    private byte[] scratch = new byte[0];
    private @Nullable SSLEngineResult lastWrapped;
    private final ByteBuffer[] single = new ByteBuffer[1];

    // Read by the trust manager during the handshake, within the lock.
    private volatile @Nullable String applicationProtocol;

    UtlsSslEngine(
            @Nullable String host,
            int port,
            EngineParameters parameters,
            UtlsSslSession session,
            ProtocolFactory protocolFactory) {
        super(host, port, parameters);
        this.session = session;
        this.protocolFactory = protocolFactory;
    }

    BrowserProfile profile() {
        return session.profile();
    }

    UtlsSslSession session() {
        return session;
    }

    boolean verifiesHost() {
        return parameters().verifiesHost();
    }

    boolean isTls13() {
        return protocol != null && protocol.tls13();
    }

    /** Returns what has been negotiated so far; for the protocol's own callbacks during the handshake. */
    SecurityParameters securityParameters() {
        return Objects.requireNonNull(protocol).securityParameters();
    }

    /** Bounds the whole handshake, which begins now. */
    void limitHandshake(Duration limit) {
        lock.lock();
        try {
            handshakeLimit.start(limit);
        } finally {
            lock.unlock();
        }
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
            records.showVersion(profile().hello().recordVersion());
        } catch (IOException | RuntimeException e) {
            throw fail(e);
        }
        return started;
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer source, ByteBuffer destination) throws SSLException {
        lock.lock();
        try {
            single[0] = source;
            return wrap(single, 0, 1, destination);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer destination)
            throws SSLException {
        EngineBuffers.require(sources, offset, length);
        EngineBuffers.requireWritable(destination);
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
            GatheredSource source = new GatheredSource(sources, offset, length);
            int plaintext = Math.min(source.remaining(), current.plaintextLimit());
            if (destination.remaining() < current.previewOutputRecord(plaintext).getRecordSize()) {
                return result(Status.BUFFER_OVERFLOW, 0, 0);
            }
            encrypt(current, source, plaintext, destination);
            return wrapped(plaintext, destination.position() - before);
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

    private void encrypt(UtlsClientProtocol current, GatheredSource source, int plaintext, ByteBuffer destination)
            throws IOException {
        if (plaintext == 0) {
            return;
        }
        recordTargets.ciphertext(destination);
        try {
            ByteBuffer single = source.single(plaintext);
            if (single != null) {
                current.writeApplicationData(single.array(), single.arrayOffset() + single.position(), plaintext);
                single.position(single.position() + plaintext);
            } else {
                byte[] gathered = scratch(plaintext);
                source.read(gathered, plaintext);
                current.writeApplicationData(gathered, 0, plaintext);
            }
        } finally {
            recordTargets.ciphertext(null);
        }
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) throws SSLException {
        EngineBuffers.require(source);
        EngineBuffers.requireWritable(targets, offset, length);
        lock.lock();
        try {
            UtlsClientProtocol current = protocol != null || inboundDone ? protocol : begin();
            if (inboundDone || current == null) {
                return result(Status.CLOSED, 0, 0);
            }
            if (phase == Phase.HANDSHAKING && records.hasWaiting()) {
                return result(Status.OK, 0, 0);
            }
            if (phase == Phase.HANDSHAKING) {
                handshakeLimit.check();
            }
            if (source.remaining() < RECORD_HEADER) {
                return result(Status.BUFFER_UNDERFLOW, 0, 0);
            }
            return unwrapRecord(current, source, new ScatteredTarget(targets, offset, length));
        } catch (IOException | RuntimeException e) {
            throw fail(e);
        } finally {
            lock.unlock();
        }
    }

    private SSLEngineResult unwrapRecord(UtlsClientProtocol current, ByteBuffer source, ScatteredTarget destination)
            throws IOException {
        int start = source.position();
        source.get(start, header);
        if (phase == Phase.HANDSHAKING) {
            TlsFailures.requireTls(header);
        }
        RecordPreview preview = current.preview(header);
        int size = preview.getRecordSize();
        if (source.remaining() < size) {
            return result(Status.BUFFER_UNDERFLOW, 0, 0);
        }
        if (header[0] == APPLICATION_DATA
                && phase == Phase.ESTABLISHED
                && destination.remaining() < preview.getContentLimit()) {
            return result(Status.BUFFER_OVERFLOW, 0, 0);
        }
        target = destination;
        recordTargets.plaintext(phase == Phase.ESTABLISHED ? destination.single() : null);
        try {
            source.position(start + size);
            if (source.hasArray()) {
                current.receive(source.array(), source.arrayOffset() + start, size);
            } else {
                byte[] record = scratch(size);
                source.get(start, record, 0, size);
                current.receive(record, 0, size);
            }
        } finally {
            target = null;
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
            return result(Status.CLOSED, size, destination.written());
        }
        return finishIfDone(Status.OK, size, destination.written());
    }

    private void established(UtlsClientProtocol current) {
        session.negotiated(current.securityParameters());
        session.namedGroup(current.namedGroup());
        applicationProtocol = current.applicationProtocol();
    }

    /** Called by the protocol with the plaintext of a record, for which there is room. */
    void plaintext(byte[] bytes, int offset, int length) {
        Objects.requireNonNull(target).plaintext(bytes, offset, length);
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

    /** The result of a wrap of application data: often the same as of the one before, as results are immutable. */
    private SSLEngineResult wrapped(int consumed, int bytes) {
        SSLEngineResult last = lastWrapped;
        if (last == null
                || last.bytesConsumed() != consumed
                || last.bytesProduced() != bytes
                || last.getHandshakeStatus() != handshakeStatus()) {
            last = result(Status.OK, consumed, bytes);
            lastWrapped = last;
        }
        return last;
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
        return parameters().toSslParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters wanted) {
        lock.lock();
        try {
            if (phase != Phase.NEW) {
                throw new IllegalStateException("the handshake with " + peer() + " has begun");
            }
            parameters().apply(wanted);
        } finally {
            lock.unlock();
        }
    }

    private byte[] scratch(int size) {
        if (scratch.length < size) {
            scratch = new byte[Math.max(size, UtlsSslSession.APPLICATION_BUFFER_SIZE)];
        }
        return scratch;
    }
}
