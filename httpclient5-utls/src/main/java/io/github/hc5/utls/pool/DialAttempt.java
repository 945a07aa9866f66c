package io.github.hc5.utls.pool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.ConnectExceptionSupport;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.jspecify.annotations.Nullable;

/**
 * One connection being dialled: addresses found, one after the other tried within the connect timeout each, then TLS
 * within its own timeout. The callback comes exactly once: completed with the session, failed with what the last
 * address said, or cancelled. Whatever arrives after that is closed.
 *
 * <p>Steps come one after the other, each on the thread on which the one before ended, so the fields need no lock; an
 * abort or a timeout from another thread wins or loses by {@code done} alone.
 */
final class DialAttempt {

    private final ConnectionOpener opener;
    private final HotConnection connection;
    private final DialPlan plan;
    private final FutureCallback<ProtocolIOSession> callback;
    private final AtomicBoolean done = new AtomicBoolean();
    private final List<InetAddress> tried = new ArrayList<>(2);
    private volatile @Nullable Cancellable lookup;
    private volatile @Nullable Future<IOSession> connecting;
    private volatile @Nullable ProtocolIOSession handshaking;
    private volatile @Nullable Cancellable deadline;

    DialAttempt(
            ConnectionOpener opener,
            HotConnection connection,
            DialPlan plan,
            FutureCallback<ProtocolIOSession> callback) {
        this.opener = opener;
        this.connection = connection;
        this.plan = plan;
        this.callback = callback;
    }

    void start() {
        SocketAddress fixed = plan.address();
        if (fixed != null) {
            connect(List.of(fixed), 0);
            return;
        }
        lookup = opener.addresses().find(plan.host(), new FutureCallback<>() {
            @Override
            public void completed(List<InetSocketAddress> addresses) {
                connect(List.copyOf(addresses), 0);
            }

            @Override
            public void failed(Exception cause) {
                fail(cause);
            }

            @Override
            public void cancelled() {
                cancel();
            }
        });
    }

    /** Calls the dial off; the callback is told unless it was before. */
    void abort() {
        cancel();
    }

    /** The session has ended during the handshake without the TLS layer saying so. */
    void sessionEnded(@Nullable Exception cause) {
        if (handshaking != null) {
            fail(
                    cause != null
                            ? cause
                            : new ConnectionClosedException("Connection closed by peer during TLS handshake"));
        }
    }

    private void connect(List<? extends SocketAddress> addresses, int index) {
        if (done.get()) {
            return;
        }
        SocketAddress address = addresses.get(index);
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            tried.add(inet.getAddress());
        }
        FutureCallback<IOSession> result = new FutureCallback<>() {
            @Override
            public void completed(IOSession session) {
                connected((ProtocolIOSession) session);
            }

            @Override
            public void failed(Exception cause) {
                if (index + 1 < addresses.size() && !done.get()) {
                    connect(addresses, index + 1);
                } else {
                    fail(enhance(cause));
                }
            }

            @Override
            public void cancelled() {
                cancel();
            }
        };
        try {
            Future<IOSession> dialled = opener.reactor()
                    .connect(plan.host(), address, plan.localAddress(), plan.connectTimeout(), connection, result);
            connecting = dialled;
            if (done.get()) {
                dialled.cancel(true);
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private Exception enhance(Exception cause) {
        return cause instanceof IOException io
                ? ConnectExceptionSupport.enhance(io, plan.host(), tried.toArray(new InetAddress[0]))
                : cause;
    }

    private void connected(ProtocolIOSession session) {
        TlsStrategy tls = plan.tls();
        if (done.get()) {
            session.close(CloseMode.IMMEDIATE);
        } else if (tls == null) {
            complete(session);
        } else {
            handshaking = session;
            deadline = opener.timer()
                    .schedule(this::handshakeTimedOut, plan.handshakeTimeout().toNanoseconds());
            try {
                tls.upgrade(session, plan.tlsName(), plan.tlsConfig(), plan.handshakeTimeout(), new FutureCallback<>() {
                    @Override
                    public void completed(TransportSecurityLayer layer) {
                        complete(session);
                    }

                    @Override
                    public void failed(Exception cause) {
                        fail(cause);
                    }

                    @Override
                    public void cancelled() {
                        cancel();
                    }
                });
            } catch (RuntimeException e) {
                fail(e);
            }
        }
    }

    private void handshakeTimedOut() {
        fail(new SocketTimeoutException(
                "TLS handshake with " + plan.tlsName() + " not finished within " + plan.handshakeTimeout()));
    }

    private void complete(ProtocolIOSession session) {
        if (finish()) {
            callback.completed(session);
        } else {
            session.close(CloseMode.IMMEDIATE);
        }
    }

    private void fail(Exception cause) {
        if (finish()) {
            closeSession();
            callback.failed(cause);
        }
    }

    private void cancel() {
        if (finish()) {
            Cancellable search = lookup;
            if (search != null) {
                search.cancel();
            }
            Future<IOSession> dialled = connecting;
            if (dialled != null) {
                dialled.cancel(true);
            }
            closeSession();
            callback.cancelled();
        }
    }

    private boolean finish() {
        if (!done.compareAndSet(false, true)) {
            return false;
        }
        Cancellable timer = deadline;
        if (timer != null) {
            timer.cancel();
        }
        return true;
    }

    private void closeSession() {
        ProtocolIOSession session = handshaking;
        if (session != null) {
            session.close(CloseMode.IMMEDIATE);
        }
    }
}
