package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.Outcome;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** A manager on a fake clock and a fake network, and what a client does with it. */
final class PoolWorld {

    static final HttpRoute HOST = secure("host.example");

    final FakeTime time = new FakeTime();
    final FakeNet net = new FakeNet();
    final List<String> changes = new ArrayList<>();
    final List<String> closed = new ArrayList<>();
    final HotConnectionManager manager;
    private @Nullable ConnectionConfig config;

    PoolWorld(UnaryOperator<PoolSettings.Builder> settings) {
        this(settings, LeasePermits.unlimited());
    }

    PoolWorld(UnaryOperator<PoolSettings.Builder> settings, LeasePermits permits) {
        this(settings, permits, Addressing::defaults);
    }

    PoolWorld(
            UnaryOperator<PoolSettings.Builder> settings,
            LeasePermits permits,
            Function<LongSupplier, Addressing> addressing) {
        PoolListener listener = new PoolListener() {
            @Override
            public void addressChanged(
                    HttpRoute route, InetAddress address, AddressHealth.State state, Outcome outcome) {
                changes.add(address.getHostAddress() + " " + state + " " + outcome);
            }

            @Override
            public void hostBlocked(HttpRoute route, boolean blocked) {
                changes.add("blocked " + blocked);
            }

            @Override
            public void panicChanged(HttpRoute route, boolean panic) {
                changes.add("panic " + panic);
            }

            @Override
            public void closed(
                    HttpRoute route, ConnectionSnapshot connection, CloseReason reason, @Nullable Exception cause) {
                closed.add(reason.name());
            }
        };
        PoolReactor none = new PoolReactor(null, threads -> {
            throw new AssertionError("no reactor here");
        });
        manager = new HotConnectionManager(new PoolParts(
                settings.apply(PoolSettings.builder().lifetimeJitter(0)).build(),
                permits,
                listener,
                time,
                () -> 0.5,
                true,
                addressing.apply(time),
                time,
                none,
                FakeNet.opener(net, time),
                route -> config,
                null));
    }

    static HttpRoute secure(String host) {
        return new HttpRoute(new HttpHost("https", host, 443));
    }

    PoolWorld withConfig(ConnectionConfig connectionConfig) {
        config = connectionConfig;
        return this;
    }

    /** One lease and what came of it. */
    static class Lease implements FutureCallback<AsyncConnectionEndpoint> {
        @Nullable
        AsyncConnectionEndpoint endpoint;

        @Nullable
        Exception failure;

        boolean cancelled;
        int calls;

        private @Nullable Future<AsyncConnectionEndpoint> future;

        void cancel() {
            Objects.requireNonNull(future).cancel(true);
        }

        @Override
        public void completed(AsyncConnectionEndpoint result) {
            endpoint = result;
            calls++;
        }

        @Override
        public void failed(Exception ex) {
            failure = ex;
            calls++;
        }

        @Override
        public void cancelled() {
            cancelled = true;
            calls++;
        }

        AsyncConnectionEndpoint endpoint() {
            if (endpoint == null) {
                throw new AssertionError("not granted; failure: " + failure);
            }
            return endpoint;
        }

        HotConnection connection() {
            return ((HotEndpoint) endpoint()).connection();
        }
    }

    Lease lease() {
        return lease(HOST, null, Timeout.ofMinutes(3));
    }

    Lease lease(HttpRoute route, @Nullable Object state, Timeout timeout) {
        Lease lease = new Lease();
        lease.future = manager.lease("id", route, state, timeout, lease);
        return lease;
    }

    Lease lease(String id, HttpRoute route, @Nullable Object state) {
        Lease lease = new Lease();
        lease.future = manager.lease(id, route, state, Timeout.ofMinutes(3), lease);
        return lease;
    }

    /** Lets an exchange on the leased connection come to a response with this status, or to a failure. */
    void exchange(Lease lease, String id, int status, @Nullable Exception failure) {
        LeasedExchange exchange = new LeasedExchange(lease.connection(), SilentHandler.INSTANCE, id, time.getAsLong());
        try {
            if (failure != null) {
                exchange.failed(failure);
            } else {
                exchange.consumeResponse(
                        new org.apache.hc.core5.http.message.BasicHttpResponse(status),
                        null,
                        HttpClientContext.create());
                exchange.streamEnd(null);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        exchange.releaseResources();
    }

    HostPool pool() {
        return Objects.requireNonNull(manager.hostPool(HOST));
    }

    /** Connects a leased endpoint without answering for the network. */
    Lease connect(Lease lease) {
        Lease connect = new Lease();
        connect.future = manager.connect(lease.endpoint(), null, null, null, null, connect);
        return connect;
    }

    /** A lease on a connection that has been opened for it if need be. */
    Lease open(boolean http2, int streams) {
        Lease lease = lease();
        if (!lease.endpoint().isConnected()) {
            Lease connect = connect(lease);
            net.openAll(http2, streams);
            connect.endpoint();
        }
        return lease;
    }

    Lease openHttp1() {
        return open(false, 1);
    }

    void release(Lease lease) {
        release(lease, null);
    }

    void release(Lease lease, @Nullable Object state) {
        manager.release(lease.endpoint(), state, TimeValue.NEG_ONE_MILLISECOND);
    }

    void discard(Lease lease) {
        lease.endpoint().close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
        manager.release(lease.endpoint(), null, TimeValue.ZERO_MILLISECONDS);
    }
}
