package io.github.hc5.utls.pool;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.concurrent.BasicFuture;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.http.nio.command.StaleCheckCommand;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.nio.command.PingCommand;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A network in which everything happens when the test says so: dials are answered, handshakes finished, sessions ended
 * one by one. It plays the reactor, the TLS layer and the handlers that report.
 */
final class FakeNet implements ConnectionInitiator, TlsStrategy {

    /** A connect that has not been answered. */
    final class Dial {
        final HotConnection connection;
        final BasicFuture<IOSession> future;

        final DialEvents events;
        final SocketAddress address;

        Dial(DialEvents events, SocketAddress address, @Nullable FutureCallback<IOSession> callback) {
            this.events = events;
            this.address = address;
            this.connection = events.connection();
            this.future = new BasicFuture<>(callback);
        }

        void succeed() {
            dials.remove(this);
            if (future.isDone()) {
                return;
            }
            FakeSession session = new FakeSession(events, address);
            sessions.add(session);
            future.completed(session.proxy);
        }

        void fail(Exception cause) {
            dials.remove(this);
            future.failed(cause);
        }
    }

    /** A TLS handshake that has not been finished. */
    final class Handshake {
        final FakeSession session;
        final FutureCallback<TransportSecurityLayer> callback;

        Handshake(FakeSession session, FutureCallback<TransportSecurityLayer> callback) {
            this.session = session;
            this.callback = callback;
        }

        void succeed(boolean http2, int streams) {
            handshakes.remove(this);
            if (session.open) {
                session.events.protocolStarted(http2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1, http2 ? streams : 1);
                callback.completed(session.proxy);
            }
        }

        void fail(Exception cause) {
            handshakes.remove(this);
            callback.failed(cause);
            session.end(cause);
        }
    }

    /** A session whose handler reports what the test makes happen. */
    final class FakeSession {
        final HotConnection connection;
        final DialEvents events;
        final SocketAddress address;
        final ProtocolIOSession proxy;
        final List<Command> commands = new ArrayList<>();
        boolean open = true;
        boolean reportedEnd;
        boolean shutdownAsked;
        Timeout timeout = Timeout.DISABLED;

        @Nullable
        Runnable beforeTimeoutIsSet;

        FakeSession(DialEvents events, SocketAddress address) {
            this.events = events;
            this.address = address;
            this.connection = events.connection();
            this.proxy = (ProtocolIOSession) Proxy.newProxyInstance(
                    FakeNet.class.getClassLoader(), new Class<?>[] {ProtocolIOSession.class}, this::invoke);
        }

        private @Nullable Object invoke(Object self, Method method, Object @Nullable [] args) {
            Object first = args == null || args.length == 0 ? null : args[0];
            return switch (method.getName()) {
                case "isOpen" -> open;
                case "getStatus" -> open ? IOSession.Status.ACTIVE : IOSession.Status.CLOSED;
                case "getSocketTimeout" -> timeout;
                case "setSocketTimeout" -> {
                    Runnable meanwhile = beforeTimeoutIsSet;
                    beforeTimeoutIsSet = null;
                    if (meanwhile != null) {
                        meanwhile.run();
                    }
                    timeout = (Timeout) Objects.requireNonNull(first);
                    yield null;
                }
                case "getRemoteAddress" -> address;
                case "getHandler", "getTlsDetails", "getLocalAddress" -> null;
                case "close" -> {
                    open = false;
                    yield null;
                }
                case "enqueue" -> {
                    enqueue((Command) Objects.requireNonNull(first));
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(self);
                case "equals" -> self == first;
                case "toString" -> "fake session of " + connection.getId();
                default -> throw new UnsupportedOperationException(method.toString());
            };
        }

        private void enqueue(Command command) {
            if (!open) {
                command.cancel();
            } else if (command instanceof ShutdownCommand) {
                shutdownAsked = true;
            } else {
                commands.add(command);
            }
        }

        /** Answers the PING or stale check that was enqueued first. */
        void answerCheck(boolean healthy) {
            for (Command command : commands) {
                if (command instanceof StaleCheckCommand stale) {
                    commands.remove(command);
                    stale.getCallback().accept(healthy);
                    return;
                }
                if (command instanceof PingCommand ping) {
                    commands.remove(command);
                    try {
                        if (healthy) {
                            ping.getHandler().consumeResponse(ping.getHandler().getData());
                        } else {
                            ping.getHandler().failed(new java.io.IOException("no answer"));
                        }
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    return;
                }
            }
        }

        boolean hasCheck() {
            return commands.stream().anyMatch(c -> c instanceof PingCommand || c instanceof StaleCheckCommand);
        }

        /** The socket closes and the handler says so. */
        void end(@Nullable Exception cause) {
            open = false;
            if (!reportedEnd) {
                reportedEnd = true;
                sessions.remove(this);
                List<Command> left = List.copyOf(commands);
                commands.clear();
                for (Command command : left) {
                    if (!(command instanceof RequestExecutionCommand)) {
                        command.cancel();
                    }
                }
                events.ended(cause);
            }
        }
    }

    final List<Dial> dials = new ArrayList<>();
    final List<Handshake> handshakes = new ArrayList<>();
    final List<FakeSession> sessions = new ArrayList<>();
    List<InetAddress> addresses = List.of(InetAddress.getLoopbackAddress());
    int dialled;

    /** Loopback addresses 127.0.0.n. */
    static List<InetAddress> loopback(int... last) {
        List<InetAddress> result = new ArrayList<>();
        for (int n : last) {
            try {
                result.add(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) n}));
            } catch (java.net.UnknownHostException e) {
                throw new AssertionError(e);
            }
        }
        return result;
    }

    @Override
    public Future<IOSession> connect(
            NamedEndpoint remoteEndpoint,
            SocketAddress remoteAddress,
            @Nullable SocketAddress localAddress,
            Timeout timeout,
            Object attachment,
            @Nullable FutureCallback<IOSession> callback) {
        Dial dial = new Dial((DialEvents) attachment, remoteAddress, callback);
        dials.add(dial);
        dialled++;
        return dial.future;
    }

    @Override
    public void upgrade(
            TransportSecurityLayer sessionLayer,
            NamedEndpoint endpoint,
            Object attachment,
            Timeout handshakeTimeout,
            FutureCallback<TransportSecurityLayer> callback) {
        for (FakeSession session : sessions) {
            if (sessionLayer instanceof WatchedTls watched && session.proxy == watched.session()) {
                handshakes.add(new Handshake(session, callback));
                return;
            }
        }
        throw new AssertionError("TLS on a session that is not open");
    }

    @Override
    @Deprecated
    public boolean upgrade(
            TransportSecurityLayer sessionLayer,
            HttpHost host,
            SocketAddress localAddress,
            SocketAddress remoteAddress,
            Object attachment,
            Timeout handshakeTimeout) {
        throw new UnsupportedOperationException();
    }

    /** Connections of the route that have a socket, open or being dialled; a race has several for one. */
    int sockets(HttpRoute route) {
        Set<HotConnection> connections = new HashSet<>();
        for (Dial dial : dials) {
            if (dial.connection.pool.route.equals(route) && !dial.future.isDone()) {
                connections.add(dial.connection);
            }
        }
        for (FakeSession session : sessions) {
            if (session.connection.pool.route.equals(route) && session.open) {
                connections.add(session.connection);
            }
        }
        return connections.size();
    }

    FakeSession session(HotConnection connection) {
        for (FakeSession session : sessions) {
            if (session.connection == connection) {
                return session;
            }
        }
        throw new AssertionError("no open session of " + connection);
    }

    /** Answers every dial and every handshake. */
    void openAll(boolean http2, int streams) {
        while (!dials.isEmpty() || !handshakes.isEmpty()) {
            List.copyOf(dials).forEach(Dial::succeed);
            List.copyOf(handshakes).forEach(h -> h.succeed(http2, streams));
        }
    }

    static ConnectionOpener opener(FakeNet net, PoolTimer timer) {
        AddressSource loopback = (host, callback) -> {
            callback.completed(net.addresses.stream()
                    .map(address -> new InetSocketAddress(address, host.getPort()))
                    .toList());
            return () -> false;
        };
        return new ConnectionOpener(
                () -> net, loopback, timer, net, org.apache.hc.client5.http.impl.DefaultSchemePortResolver.INSTANCE);
    }
}
