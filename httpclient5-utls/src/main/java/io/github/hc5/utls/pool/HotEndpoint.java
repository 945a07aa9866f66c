package io.github.hc5.utls.pool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.apache.hc.client5.http.EndpointInfo;
import org.apache.hc.client5.http.impl.ConnectionHolder;
import org.apache.hc.client5.http.impl.ConnectionShutdownException;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.AsyncPushConsumer;
import org.apache.hc.core5.http.nio.HandlerFactory;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Identifiable;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * One lease of a connection, as its holder sees it. Closing it closes the connection where the lease has it alone; where
 * the connection is shared it cancels only the exchange of this lease. Given back exactly once: {@link #detach()} returns
 * the connection to the first caller and {@code null} to every other. Thread-safe.
 */
final class HotEndpoint extends AsyncConnectionEndpoint implements ConnectionHolder, Identifiable {

    private static final VarHandle CONNECTION;

    static {
        try {
            CONNECTION = MethodHandles.lookup().findVarHandle(HotEndpoint.class, "connection", HotConnection.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final HotConnectionManager manager;
    final RouteTimes times;
    private final @Nullable String leaseId;
    private volatile @Nullable HotConnection connection;

    /** Whether the holder has closed its share of a shared connection. */
    private volatile boolean closed;

    private volatile @Nullable Exchange exchange;

    private volatile @Nullable LeasedExchange observed;

    /** Whether the exchange begun last is the one the lease was for, and cancelling the request may break it off. */
    private volatile boolean cancellable;

    /**
     * A lease of the connection.
     *
     * @param leaseId the operation the connection was leased for
     */
    HotEndpoint(HotConnectionManager manager, HotConnection connection, RouteTimes times, @Nullable String leaseId) {
        this.leaseId = leaseId;
        this.manager = manager;
        this.connection = connection;
        this.times = times;
    }

    @Override
    public String getId() {
        HotConnection c = connection;
        return c != null ? "ep-" + c.getId() : "ep-released";
    }

    /** @throws ConnectionShutdownException if the lease was given back */
    HotConnection connection() {
        HotConnection c = connection;
        if (c == null) {
            throw new ConnectionShutdownException();
        }
        return c;
    }

    @Nullable
    HotConnection detach() {
        return (HotConnection) CONNECTION.getAndSet(this, null);
    }

    /** Exchanges the connection for another; returns false if the lease was given back in the meantime. */
    boolean reattach(HotConnection before, HotConnection after) {
        closed = false;
        exchange = null;
        observed = null;
        return CONNECTION.compareAndSet(this, before, after);
    }

    @Override
    public boolean isConnected() {
        HotConnection c = connection;
        return c != null && !closed && c.isOpen() && !hasFailed(c);
    }

    /** Whether the last exchange failed where there are other addresses: if it is tried again, it must get another. */
    private boolean hasFailed(HotConnection c) {
        LeasedExchange last = observed;
        return last != null && last.hasFailed() && c.pool.targets.isSpread();
    }

    @Nullable
    String leaseId() {
        return leaseId;
    }

    @Override
    public void setSocketTimeout(Timeout timeout) {
        HotConnection c = connection();
        if (!c.shared) {
            c.setSocketTimeout(timeout);
        }
    }

    @Override
    public void execute(
            String id,
            AsyncClientExchangeHandler exchangeHandler,
            @Nullable HandlerFactory<AsyncPushConsumer> pushHandlerFactory,
            HttpContext context) {
        HotConnection c = connection();
        if (c.session == null || closed) {
            throw new ConnectionShutdownException();
        }
        context.setProtocolVersion(c.getProtocolVersion());
        LeasedExchange leased = new LeasedExchange(c, exchangeHandler, leaseId, manager.now());
        observed = leased;
        Exchange running = null;
        cancellable = id != null && id.equals(leaseId) && allowsCancelling(context);
        if (c.isHttp2()) {
            running = new Exchange();
            exchange = running;
        }
        c.execute(new RequestExecutionCommand(leased, pushHandlerFactory, running, context));
    }

    private static boolean allowsCancelling(HttpContext context) {
        return !(context instanceof HttpClientContext client)
                || client.getRequestConfigOrDefault().isHardCancellationEnabled();
    }

    @Override
    public void close(CloseMode mode) {
        HotConnection c = connection;
        if (c == null) {
            return;
        }
        giveUp();
        if (c.shared) {
            closed = true;
            Exchange running = exchange;
            if (running != null) {
                running.cancel();
            }
        } else {
            c.close(mode);
        }
    }

    private void giveUp() {
        LeasedExchange leased = observed;
        if (leased != null) {
            leased.giveUp();
        }
    }

    /**
     * Breaks off the exchange under way if it is the operation that the connection was leased for (a holder of a lease
     * may run others, and drops the future of the lease by cancelling it), if the request allows it, and if the lease
     * has not been given back.
     */
    void cancelExchange() {
        if (!cancellable) {
            return;
        }
        Exchange running = exchange;
        if (running != null) {
            if (connection != null) {
                giveUp();
                running.cancel();
            }
            return;
        }
        // taken before it is closed: were it given back in between, the next request's would be closed
        HotConnection c = detach();
        if (c != null) {
            giveUp();
            c.close(CloseMode.IMMEDIATE);
            c.pool.release(c, null, 0, manager.now());
        }
    }

    @Override
    public @Nullable EndpointInfo getInfo() {
        HotConnection c = connection;
        return c != null && c.isOpen() ? new EndpointInfo(c.getProtocolVersion(), c.getSSLSession()) : null;
    }

    @Override
    public @Nullable HttpConnection get() {
        return connection;
    }

    @Override
    public String toString() {
        return getId();
    }

    /** The stream of the exchange, cancellable before the handler has opened it and after. */
    private static final class Exchange implements CancellableDependency {

        /** The stream, {@link #CANCELLED}, or {@code null} while neither. */
        private volatile @Nullable Cancellable stream;

        private static final Cancellable CANCELLED = () -> false;
        private static final VarHandle STREAM;

        static {
            try {
                STREAM = MethodHandles.lookup().findVarHandle(Exchange.class, "stream", Cancellable.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        @Override
        public void setDependency(Cancellable dependency) {
            if (!STREAM.compareAndSet(this, null, dependency) && stream == CANCELLED) {
                dependency.cancel();
            }
        }

        @Override
        public boolean isCancelled() {
            return stream == CANCELLED;
        }

        @Override
        public boolean cancel() {
            Cancellable before = (Cancellable) STREAM.getAndSet(this, CANCELLED);
            return before == null || (before != CANCELLED && before.cancel());
        }
    }
}
