package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.RequestKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on an HTTP/2 connection (RFC 9113 section 8.1): drives an exchange handler from its request to the end of
 * the response, or to its failure, exactly once.
 *
 * <p>The handler is called on the I/O thread and under no lock. The channels that it is given, of the request, its body
 * and the capacity to receive, may be used by any thread.
 */
final class H2Stream implements RequestChannel, DataStreamChannel, CapacityChannel, Cancellable {

    private enum Phase {
        HEADERS,
        AWAITING_CONTINUE,
        BODY,
        DONE
    }

    private final H2Session session;
    private final AsyncClientExchangeHandler handler;
    private final HttpCoreContext context;
    private final @Nullable Timeout responseTimeout;
    private final AtomicBoolean committed = new AtomicBoolean();

    // written once, under the session's lock, before any frame of the stream can arrive
    private volatile int id;
    private @Nullable ReceiveWindow receiveWindow;
    private int weight;

    /** Guarded by the session's lock. */
    int sendWindow;

    // links of the StreamTable, guarded by the session's lock
    @Nullable
    H2Stream nextInSlot;

    @Nullable
    H2Stream olderOfWeight;

    @Nullable
    H2Stream newerOfWeight;

    /** Where the HEADERS end in the outbound stream. Guarded by the session's lock. */
    long headersEnd = Long.MAX_VALUE;

    /** Whether this stream waits in the queue of those that want to write. */
    final AtomicBoolean isQueued = new AtomicBoolean();

    private volatile Phase request = Phase.HEADERS;
    private volatile boolean localClosed;
    private volatile boolean remoteClosed;
    private volatile boolean stalled;
    private volatile long lastActivityNanos;
    private volatile @Nullable Exception failure;
    private volatile boolean decodes;
    private long bodyLeft = -1;

    // of the I/O thread
    private Phase response = Phase.HEADERS;
    private boolean finished;
    private boolean bodiless;
    private @Nullable DecodedBody decodedBody;
    private long contentLeft = -1;

    H2Stream(H2Session session, AsyncClientExchangeHandler handler, HttpCoreContext context) {
        this.session = session;
        this.handler = handler;
        this.context = context;
        this.responseTimeout = ExchangeAttributes.responseTimeout(context);
    }

    int id() {
        return id;
    }

    int weight() {
        return weight;
    }

    boolean isFinished() {
        return finished;
    }

    boolean isStalled() {
        return stalled;
    }

    ReceiveWindow receiveWindow() {
        if (receiveWindow == null) {
            throw new IllegalStateException("stream is not open");
        }
        return receiveWindow;
    }

    /** Under the session's lock: the stream has its id and its windows. */
    void opened(int newId, int newSendWindow, ReceiveWindow newReceiveWindow, int newWeight) {
        id = newId;
        sendWindow = newSendWindow;
        receiveWindow = newReceiveWindow;
        weight = newWeight;
    }

    /** How long the exchange may go without a byte in either direction; {@code null} for ever. */
    @Nullable
    Timeout responseTimeout() {
        return responseTimeout;
    }

    long lastActivityNanos() {
        return lastActivityNanos;
    }

    // ---- the request

    void start() throws HttpException, IOException {
        touch();
        handler.produceRequest(this, context);
    }

    @Override
    public void sendRequest(HttpRequest message, @Nullable EntityDetails entity, HttpContext ignored)
            throws HttpException, IOException {
        if (!committed.compareAndSet(false, true)) {
            throw new HttpException("Request already committed");
        }
        try {
            commit(message, entity);
        } catch (HttpException | IOException | RuntimeException ex) {
            fail(ex);
            throw ex;
        }
    }

    private void commit(HttpRequest message, @Nullable EntityDetails entity) throws HttpException, IOException {
        context.setProtocolVersion(HttpVersion.HTTP_2);
        context.setRequest(message);
        session.processor().process(message, entity, context);
        RequestKind kind = session.requestKind(message, context);
        Header priority = ExchangeAttributes.priority(context);
        if (priority != null && !message.containsHeader(priority.getName())) {
            message.addHeader(priority);
        }
        FieldList fields = session.requests().of(message, entity, kind);
        decodes = fields.decodes();
        bodiless = "HEAD".equals(message.getMethod());
        if (failure != null) {
            return;
        }
        if (entity == null) {
            request = Phase.DONE;
            localClosed = true;
        } else {
            boolean trailers = entity.getTrailerNames() != null
                    && !entity.getTrailerNames().isEmpty();
            bodyLeft = trailers ? -1 : entity.getContentLength();
            Header expect = message.getFirstHeader("Expect");
            request = expect != null && "100-continue".equalsIgnoreCase(expect.getValue())
                    ? Phase.AWAITING_CONTINUE
                    : Phase.BODY;
        }
        touch();
        boolean opened = session.output().open(this, fields, kind, entity == null);
        if (opened) {
            session.wire().request(id, fields);
        }
        session.requests().release(fields);
        if (!opened) {
            throw new RequestNotExecutedException("Connection takes no new requests");
        }
        session.opened(this);
        if (request == Phase.BODY) {
            if (session.isTurning()) {
                produceBody();
            } else {
                requestOutput();
            }
        }
    }

    /** On the I/O thread: the body's producer may write. */
    void writable() throws HttpException, IOException {
        if (finished) {
            return;
        }
        if (localClosed && remoteClosed) {
            session.finish(this, null);
        } else if (request == Phase.BODY && !localClosed) {
            produceBody();
        }
    }

    private void produceBody() throws IOException, HttpException {
        stalled = false;
        handler.produce(this);
        if (request == Phase.BODY && !localClosed && handler.available() > 0) {
            session.wantsToWrite(this);
        }
    }

    @Override
    public void requestOutput() {
        session.wantsToWrite(this);
        session.wake();
    }

    @Override
    public int write(ByteBuffer source) {
        if (localClosed || id == 0) {
            return 0;
        }
        int count = session.output().data(this, source);
        if (count > 0) {
            touch();
            if (bodyLeft >= 0) {
                bodyLeft -= count;
                if (bodyLeft == 0) {
                    close();
                }
            }
        }
        stalled = source.hasRemaining();
        session.wake();
        return count;
    }

    @Override
    public void endStream(@Nullable List<? extends Header> trailers) throws IOException {
        if (!localClosed && trailers != null && !trailers.isEmpty()) {
            try {
                session.output().trailers(this, RequestFields.ofTrailers(trailers));
            } catch (ProtocolException ex) {
                fail(ex);
                throw new IOException(ex.getMessage(), ex);
            }
            localClosed = true;
        }
        endStream();
    }

    @Override
    public void endStream() {
        close();
        request = Phase.DONE;
        if (remoteClosed) {
            session.wantsToWrite(this);
        }
        session.wake();
    }

    private void close() {
        if (!localClosed) {
            localClosed = true;
            session.output().endStream(this);
        }
    }

    // ---- the response, on the I/O thread

    void headers(List<Header> fields, boolean endStream) throws HttpException, IOException {
        touch();
        remoteClosed |= endStream;
        switch (response) {
            case HEADERS -> responseHead(fields, endStream);
            case BODY -> {
                if (!endStream) {
                    throw new ProtocolException("trailers do not end the stream");
                }
                endBody(fields);
            }
            default -> throw new ProtocolException("headers after the end of the response");
        }
    }

    private void responseHead(List<Header> fields, boolean endStream) throws HttpException, IOException {
        HttpResponse head = ResponseHead.of(fields);
        int status = head.getCode();
        if (status < HttpStatus.SC_SUCCESS) {
            if (endStream || status == HttpStatus.SC_SWITCHING_PROTOCOLS) {
                throw new ProtocolException("response %d is not allowed here", status);
            }
            if (status > HttpStatus.SC_CONTINUE) {
                handler.consumeInformation(head, context);
            } else if (request == Phase.AWAITING_CONTINUE) {
                request = Phase.BODY;
                produceBody();
            }
            return;
        }
        if (request == Phase.AWAITING_CONTINUE) {
            request = status < HttpStatus.SC_CLIENT_ERROR ? Phase.BODY : Phase.DONE;
        }
        bodiless |= status == HttpStatus.SC_NO_CONTENT || status == HttpStatus.SC_NOT_MODIFIED;
        contentLeft = bodiless ? -1 : ResponseHead.contentLength(head);
        decodedBody = decodes && !endStream ? DecodedBody.of(head, handler) : null;
        EntityDetails entity = endStream ? null : ResponseHead.entity(head);
        context.setResponse(head);
        session.processor().process(head, entity, context);
        if (endStream && contentLeft > 0) {
            throw cutShort();
        }
        response = endStream ? Phase.DONE : Phase.BODY;
        handler.consumeResponse(head, entity, context);
        if (request == Phase.BODY && !localClosed) {
            session.wantsToWrite(this);
        }
    }

    void data(ByteBuffer payload, boolean endStream) throws HttpException, IOException {
        touch();
        if (response != Phase.BODY) {
            throw new ProtocolException("data outside of the response's body");
        }
        remoteClosed |= endStream;
        if (contentLeft >= 0) {
            contentLeft -= payload.remaining();
            if (contentLeft < 0) {
                throw new ProtocolException("response has more content than its Content-Length says");
            }
        }
        if (payload.hasRemaining()) {
            body().consume(payload);
        }
        if (endStream) {
            endBody(null);
        } else if (session.output().delivered(this)) {
            body().updateCapacity(this);
        }
    }

    /** A stream error (RFC 9113 section 8.1.1), and as on HTTP/1.1 an IOException: what broke off may come whole next time. */
    private H2StreamResetException cutShort() {
        return new H2StreamResetException(
                H2Error.PROTOCOL_ERROR, "response ends " + contentLeft + " bytes before its Content-Length");
    }

    private void endBody(@Nullable List<Header> trailers) throws HttpException, IOException {
        if (contentLeft > 0) {
            throw cutShort();
        }
        response = Phase.DONE;
        body().streamEnd(trailers);
    }

    private AsyncDataConsumer body() {
        return decodedBody == null ? handler : decodedBody;
    }

    @Override
    public void update(int increment) {
        if (increment > 0 && id != 0 && session.output().refill(this, increment)) {
            session.wake();
        }
    }

    /** The peer has sent all it will: ends the exchange unless the request's body is still on its way. */
    void endIfComplete() {
        if (finished || !remoteClosed) {
            return;
        }
        if (localClosed) {
            session.finish(this, null);
        } else if (request == Phase.DONE) {
            // a final status instead of 100 (Continue): the body is never sent
            session.output().reset(id, H2Error.CANCEL);
            localClosed = true;
            session.finish(this, null);
        }
    }

    /** The peer's RST_STREAM (RFC 9113 sections 8.1 and 8.7). */
    void reset(int code) {
        if (code == H2Error.NO_ERROR.getCode() && response == Phase.DONE) {
            localClosed = true;
            session.finish(this, null);
        } else if (code == H2Error.REFUSED_STREAM.getCode()) {
            session.finish(this, new RequestNotExecutedException("Stream " + id + " refused by the peer"));
        } else {
            session.finish(
                    this, new H2StreamResetException(code, "Stream " + id + " reset by the peer: " + name(code)));
        }
    }

    // ---- the end

    /** From any thread: ends this exchange, and with it nothing else. */
    @Override
    public boolean cancel() {
        return fail(new H2StreamResetException(H2Error.CANCEL, "Request cancelled"));
    }

    private boolean fail(Exception cause) {
        if (failure != null) {
            return false;
        }
        failure = cause;
        session.wantsToFail(this);
        return true;
    }

    @Nullable
    Exception failure() {
        return failure;
    }

    /** On the I/O thread, once: no frame and no call follows. */
    void finish(@Nullable Exception cause) {
        finished = true;
        localClosed = true;
        remoteClosed = true;
        request = Phase.DONE;
        if (decodedBody != null) {
            decodedBody.releaseResources();
        }
        try {
            if (cause != null) {
                handler.failed(cause);
            }
        } finally {
            handler.releaseResources();
        }
    }

    /** Returns whether the peer believes that the stream is open. */
    boolean isHalfOpen() {
        return id != 0 && !(localClosed && remoteClosed);
    }

    private void touch() {
        lastActivityNanos = session.nanoTime();
    }

    /** Returns the error code by which the peer is told why a stream is given up. */
    static H2Error errorOf(Exception cause) {
        if (cause instanceof H2StreamResetException reset) {
            H2Error error = H2Error.getByCode(reset.getCode());
            return error == null ? H2Error.CANCEL : error;
        }
        return cause instanceof ProtocolException ? H2Error.PROTOCOL_ERROR : H2Error.CANCEL;
    }

    private static String name(int code) {
        H2Error error = H2Error.getByCode(code);
        return error == null ? "error " + code : error.name();
    }
}
