package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.BanRule;
import io.github.hc5.utls.health.Outcome;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on a leased connection: passes everything on to the caller's handler, and tells the pool once what came of it,
 * before the caller hears of the end, so that a caller who tries again at once is given another address. Used by the
 * thread that drives the exchange; only {@link #giveUp} is called by others.
 */
final class LeasedExchange implements AsyncClientExchangeHandler {

    private static final VarHandle TOLD;

    static {
        try {
            TOLD = MethodHandles.lookup().findVarHandle(LeasedExchange.class, "told", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final HotConnection connection;
    private final AsyncClientExchangeHandler handler;
    private final @Nullable String leaseId;
    private final long startNanos;

    private volatile boolean told;
    private volatile boolean givenUp;

    // written by the thread that drives the exchange
    private int status;
    private volatile boolean banning;
    private volatile boolean failed;
    private boolean complete;
    private @Nullable BodyWatch watch;

    LeasedExchange(
            HotConnection connection, AsyncClientExchangeHandler handler, @Nullable String leaseId, long startNanos) {
        this.connection = connection;
        this.handler = handler;
        this.leaseId = leaseId;
        this.startNanos = startNanos;
    }

    HotConnection connection() {
        return connection;
    }

    @Nullable
    String leaseId() {
        return leaseId;
    }

    /** Whether it came to something that speaks against its address. */
    boolean hasFailed() {
        return failed;
    }

    int status() {
        return status;
    }

    /** The status means that the address is not welcome. */
    void banned() {
        banning = true;
    }

    /** A rule wants to see how the body begins. */
    void watch(BanRule.BodyCondition condition) {
        watch = new BodyWatch(condition, status);
    }

    /** The caller closes the connection: what follows says nothing of the address. */
    void giveUp() {
        givenUp = true;
    }

    private void end(@Nullable Exception cause) {
        if (told || !TOLD.compareAndSet(this, false, true)) {
            return;
        }
        Outcome outcome;
        if (banning) {
            outcome = Outcome.BANNED_STATUS;
        } else if (givenUp || (cause == null && !complete)) {
            outcome = Outcome.CANCELLED;
        } else {
            outcome = cause == null ? Outcomes.of(status) : Outcomes.of(cause);
        }
        failed = outcome.isFailure();
        connection.pool.outcomes.ended(this, outcome, connection.pool.context.clock.getAsLong() - startNanos);
    }

    // ---- AsyncClientExchangeHandler

    @Override
    public void consumeResponse(HttpResponse response, @Nullable EntityDetails entity, HttpContext context)
            throws HttpException, IOException {
        status = response.getCode();
        complete = entity == null;
        watch = null;
        connection.pool.outcomes.responded(this, response);
        handler.consumeResponse(response, entity, context);
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        complete = true;
        BodyWatch watching = watch;
        if (watching != null && watching.ends()) {
            connection.pool.outcomes.bans(this, status);
        }
        end(null);
        handler.streamEnd(trailers);
    }

    @Override
    public void failed(Exception cause) {
        end(cause);
        handler.failed(cause);
    }

    @Override
    public void releaseResources() {
        end(null);
        handler.releaseResources();
    }

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        handler.produceRequest(channel, context);
    }

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) throws HttpException, IOException {
        handler.consumeInformation(response, context);
    }

    @Override
    public void cancel() {
        givenUp = true;
        handler.cancel();
    }

    @Override
    public int available() {
        return handler.available();
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        handler.produce(channel);
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        handler.updateCapacity(channel);
    }

    @Override
    public void consume(ByteBuffer src) throws IOException {
        BodyWatch watching = watch;
        if (watching != null && watching.passes(src)) {
            connection.pool.outcomes.bans(this, status);
        }
        handler.consume(src);
    }
}
