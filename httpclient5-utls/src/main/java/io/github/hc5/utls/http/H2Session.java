package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import io.github.hc5.utls.fingerprint.RequestKind;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http2.H2ConnectionException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.apache.hc.core5.http2.nio.AsyncPingHandler;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/2 connection (RFC 9113): runs the session's commands in their order as streams, up to the peer's limit.
 *
 * <p>Everything happens on the session's I/O thread, except what {@link H2Output} guards by the session's lock. Other
 * threads leave word in {@link #writers}, {@link #failures} or the session's queue and {@linkplain #wake() wake} the I/O
 * thread.
 */
final class H2Session implements ProtocolSession {

    private static final Logger LOG = LoggerFactory.getLogger(H2Session.class);

    /** Bounds the rounds of writing in one turn, so that a fast upload cannot starve the input of other connections. */
    private static final int MAX_ROUNDS = 16;

    private static final int MAX_READS = 16;
    private static final ThreadLocal<ByteBuffer> READ_BUFFER =
            ThreadLocal.withInitial(() -> ByteBuffer.allocate(1 << 16));

    private final ProtocolIOSession session;
    private final ConnectionEvents events;
    private final H2Settings settings;
    private final H2Output output;
    private final FrameReader reader;
    private final H2Inbound inbound;
    private final Runnable wakeToFail = this::wakeToFail;
    private final H2Failures failures;
    private final ConnectionDetails details;

    private final WriteQueue writers;
    private final PingQueue pings;
    private final BlockedWake blockedWake;
    private volatile @Nullable Thread busy;

    /** Written by the I/O thread: the socket did not take all there was. */
    private volatile boolean blocked;

    // of the I/O thread
    private final H2Commands commands;
    private final Set<H2Stream> live = new LinkedHashSet<>();
    private int toldMaxStreams = -1;
    private boolean toldDraining;
    private boolean ended;
    private boolean wrote;
    private @Nullable Exception failure;

    H2Session(ProtocolIOSession session, ConnectionEvents events, ConnectionDetails details, H2Settings settings) {
        this.session = session;
        this.events = events;
        this.settings = settings;
        this.details = details;
        this.output = new H2Output(
                session.getLock(),
                settings.spec(),
                settings.recordPerFrame(),
                settings.random(),
                settings.timer()::nanoTime);
        this.commands = new H2Commands(this, session);
        this.blockedWake = new BlockedWake(session);
        this.writers = new WriteQueue(output);
        this.pings = new PingQueue(output, settings.timer());
        this.reader = new FrameReader((int) settings.own(Setting.MAX_FRAME_SIZE, H2Frames.MIN_MAX_FRAME_SIZE));
        HeaderBlockDecoder decoder = new HeaderBlockDecoder(
                (int) settings.own(Setting.HEADER_TABLE_SIZE, H2Frames.DEFAULT_TABLE_SIZE), settings.maxHeaderList());
        this.inbound = new H2Inbound(this, output, decoder, settings.own(Setting.ENABLE_PUSH, 1) == 0);
        this.failures = new H2Failures(this, live, new ResponseDeadlines(settings.timer(), wakeToFail));
    }

    H2Output output() {
        return output;
    }

    HttpProcessor processor() {
        return settings.processor();
    }

    long nanoTime() {
        return settings.timer().nanoTime();
    }

    RequestKind requestKind(HttpRequest request, HttpContext context) {
        return settings.kindOf(request, context);
    }

    WireLog wire() {
        return settings.wire();
    }

    RequestFields requests() {
        return settings.requests();
    }

    // ---- events of the session

    @Override
    public int maxExchanges() {
        return PeerSettings.ASSUMED_STREAMS;
    }

    @Override
    public boolean offer(RequestExecutionCommand command) {
        return isTurning() && commands.hand(command);
    }

    @Override
    public boolean wroteAlone() {
        return wrote && live.size() <= 1;
    }

    @Override
    public void connected() throws IOException {
        output.start();
        run(() -> {});
    }

    @Override
    public void inputReady(@Nullable ByteBuffer src) throws IOException {
        run(() -> {
            if (src != null) {
                reader.feed(src, inbound);
            }
            ByteBuffer buffer = READ_BUFFER.get();
            int count = session.read(buffer.clear());
            for (int reads = 1; count > 0; reads++) {
                reader.feed(buffer.flip(), inbound);
                count = reads < MAX_READS ? session.read(buffer.clear()) : 0;
            }
            if (count < 0) {
                endOfInput();
            }
        });
    }

    @Override
    public void outputReady() throws IOException {
        run(() -> {});
    }

    @Override
    public void timeout(Timeout timeout) throws IOException {
        if (blockedWake.isAnswer()) {
            run(() -> {});
        } else if (!session.isOpen()) {
            session.close(CloseMode.IMMEDIATE);
        } else if (!live.isEmpty()) {
            exception(new SocketTimeoutException("No data from the peer for " + timeout));
        }
    }

    @Override
    public void exception(Exception cause) {
        if (failure == null) {
            failure = cause;
        }
        if (cause instanceof H2ConnectionException ex && output.isOpen()) {
            H2Error error = H2Error.getByCode(ex.getCode());
            output.goAway(error == null ? H2Error.INTERNAL_ERROR : error);
            try {
                output.flush(session);
            } catch (IOException | RuntimeException ignored) {
                LOG.debug("{} has no way to say GOAWAY", session.getId(), ignored);
            }
        }
        drain();
        failAll(cause);
        boolean orderly = cause instanceof H2ConnectionException || cause instanceof ConnectionClosedException;
        session.close(orderly ? CloseMode.GRACEFUL : CloseMode.IMMEDIATE);
    }

    @Override
    public @Nullable Exception disconnected() {
        ended = true;
        drain();
        Exception cause = failure;
        failAll(cause != null ? cause : new ConnectionClosedException("Connection closed"));
        calm(pings::cancelAll);
        commands();
        return cause;
    }

    // ---- what the streams ask for, from any thread

    void wantsToWrite(H2Stream stream) {
        writers.add(stream);
    }

    void wantsToFail(H2Stream stream) {
        failures.add(stream);
        wakeToFail();
    }

    void opened(H2Stream stream) {
        failures.watch(stream);
        wake();
    }

    /** Has what is to fail fail also where the peer takes nothing any more. */
    private void wakeToFail() {
        wake();
        if (blocked && !isTurning()) {
            blockedWake.ask();
        }
    }

    /** Makes the I/O thread take a turn; nothing to do where it is in the middle of one. */
    void wake() {
        if (isTurning()) {
            return;
        }
        try {
            session.setEvent(SelectionKey.OP_WRITE);
        } catch (CancelledKeyException ex) {
            LOG.debug("{} is closed already", session.getId());
        }
    }

    /** Returns whether the caller is the I/O thread in the middle of a turn of this session. */
    boolean isTurning() {
        return busy == Thread.currentThread();
    }

    // ---- what the peer says, on the I/O thread

    void peerSettingsApplied() {
        int max = output.maxStreams();
        if (max != toldMaxStreams) {
            toldMaxStreams = max;
            if (!toldDraining) {
                events.concurrencyChanged(max);
            }
        }
    }

    void pingAnswered(ByteBuffer data) {
        calm(() -> {
            long roundTripNanos = pings.answered(data);
            if (roundTripNanos >= 0) {
                events.pingAnswered(roundTripNanos);
            }
        });
    }

    /** Streams above {@code last} were not and will not be processed (RFC 9113 section 6.8). */
    void goAway(int last, int code) {
        if (code != H2Error.NO_ERROR.getCode() && failure == null) {
            failure = new H2StreamResetException(code, "Connection ended by the peer's GOAWAY with error " + code);
        }
        drain();
        for (H2Stream stream : new ArrayList<>(live)) {
            if (stream.id() > last) {
                finish(stream, new RequestNotExecutedException("Request refused by the peer's GOAWAY"));
            }
        }
    }

    private void endOfInput() throws IOException {
        if (reader.isInsideFrame()) {
            throw new ConnectionClosedException("Connection closed by the peer inside a frame");
        }
        drain();
        if (!live.isEmpty()) {
            failAll(failure != null ? failure : new ConnectionClosedException("Connection closed by the peer"));
        }
        session.close(CloseMode.GRACEFUL);
    }

    // ---- the ends of exchanges, on the I/O thread

    /** Ends a stream that went wrong on this side, and tells the peer. */
    void abort(H2Stream stream, Exception cause) {
        if (stream.isFinished()) {
            return;
        }
        if (stream.isHalfOpen()) {
            output.reset(stream.id(), H2Stream.errorOf(cause));
        }
        finish(stream, cause);
    }

    void finish(H2Stream stream, @Nullable Exception cause) {
        if (!live.remove(stream)) {
            return;
        }
        if (stream.id() != 0) {
            output.remove(stream.id());
        }
        calm(() -> stream.finish(cause));
        events.exchangeEnded(cause);
    }

    private void failAll(Exception cause) {
        for (H2Stream stream : new ArrayList<>(live)) {
            boolean sent = stream.id() != 0 && output.hasLeft(stream);
            finish(stream, sent ? cause : new RequestNotExecutedException(String.valueOf(cause.getMessage())));
        }
    }

    /** From here on no exchange starts. */
    private void drain() {
        output.drain();
        if (!toldDraining) {
            toldDraining = true;
            events.draining();
        }
        commands.refuseWaiting();
    }

    void refuse(RequestExecutionCommand command) {
        RequestNotExecutedException cause = new RequestNotExecutedException("Connection takes no new requests");
        calm(() -> command.failed(cause));
        events.exchangeEnded(cause);
    }

    // ---- the turn of the I/O thread

    interface Step {
        void run() throws HttpException, IOException;
    }

    private void run(Step step) throws IOException {
        busy = Thread.currentThread();
        wrote = false;
        try {
            step.run();
            turn();
        } catch (HttpException ex) {
            throw new IOException(ex);
        } finally {
            busy = null;
        }
        settle();
    }

    private void turn() throws IOException {
        boolean flushed = true;
        for (int rounds = 0; rounds < MAX_ROUNDS && flushed && (rounds == 0 || writers.hasReady()); rounds++) {
            failures.run();
            commands();
            write();
            wrote |= output.hasPending();
            flushed = !session.isOpen() || output.flush(session);
        }
        blocked = !flushed;
        if (toldDraining && live.isEmpty() && flushed && session.isOpen()) {
            session.close(CloseMode.GRACEFUL);
        }
    }

    /** Clears the write event only after a look at what other threads may have left meanwhile. */
    private void settle() {
        if (blocked && failures.areDue()) {
            blockedWake.ask();
        }
        boolean wanted = (session.getEventMask() & SelectionKey.OP_WRITE) != 0;
        if (session.isOpen() && hasWork()) {
            if (!wanted) {
                session.setEvent(SelectionKey.OP_WRITE);
            }
        } else if (wanted) {
            // also while the session is closing, which has nothing to write: its I/O thread would spin until the peer
            // closes
            session.clearEvent(SelectionKey.OP_WRITE);
            if (session.isOpen() && hasWork()) {
                session.setEvent(SelectionKey.OP_WRITE);
            }
        }
    }

    private boolean hasWork() {
        return output.hasPending() || writers.hasReady() || failures.areDue() || !commands.isEmpty();
    }

    private void write() {
        writers.hasReady();
        for (int count = writers.size(); count > 0; count--) {
            H2Stream stream = writers.next();
            if (stream == null) {
                continue;
            }
            try {
                stream.writable();
            } catch (HttpException | IOException | RuntimeException ex) {
                abort(stream, ex);
            }
        }
    }

    private void commands() {
        commands.run();
        if (!output.isOpen()) {
            drain();
        }
        commands.startWaiting();
    }

    /** Whether the peer can be taken to be there still. */
    boolean isFresh() {
        return session.isOpen() && output.isOpen();
    }

    boolean isEnded() {
        return ended;
    }

    boolean mayStart() {
        return output.isOpen() && live.size() < output.maxStreams();
    }

    void ping(AsyncPingHandler handler) {
        try {
            pings.send(handler);
        } catch (IOException | RuntimeException ex) {
            calm(() -> handler.failed(ex));
        }
    }

    void shutdown(CloseMode mode) {
        if (mode == CloseMode.IMMEDIATE) {
            session.close(CloseMode.IMMEDIATE);
            return;
        }
        if (output.isOpen()) {
            output.goAway(H2Error.NO_ERROR);
        }
        drain();
    }

    void start(RequestExecutionCommand command) {
        HttpCoreContext context = HttpCoreContext.castOrCreate(command.getContext());
        details.fill(context);
        H2Stream stream = new H2Stream(this, command.getExchangeHandler(), context);
        live.add(stream);
        CancellableDependency dependency = command.getCancellableDependency();
        if (dependency != null) {
            dependency.setDependency(stream);
        }
        try {
            if (stream.failure() == null) {
                stream.start();
            }
        } catch (HttpException | IOException | RuntimeException ex) {
            abort(stream, ex);
        }
    }

    /** Runs code of the application, whose failures concern nobody but its author. */
    void calm(Step step) {
        try {
            step.run();
        } catch (HttpException | IOException | RuntimeException ex) {
            LOG.warn("{} a callback failed: {}", session.getId(), ex.toString());
            LOG.debug("{} a callback failed", session.getId(), ex);
        }
    }
}
