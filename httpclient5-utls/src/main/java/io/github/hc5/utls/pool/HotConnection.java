package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.http.ConnectionEvents;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.util.Identifiable;
import org.jspecify.annotations.Nullable;

/**
 * One connection of one route, from the decision to dial it to the end of its socket. It is the attachment of its
 * session and hears what the session's handler reports; what follows from it is decided by its {@link HostPool}.
 *
 * <p>Who may lease it is in the {@link LeaseState} it extends, what HttpClient sees of its session in
 * {@link SessionConnection}. Fields marked "pool lock" are guarded by the lock of the
 * host pool; the others are volatile and each is written by one party only: the opener before {@code opened}, the
 * session's I/O thread, or the releasing thread while it still holds its lease.
 */
final class HotConnection extends SessionConnection implements ConnectionEvents, Identifiable {

    /** As what a connection is counted at its address. */
    enum Counted {
        NOT,
        OPENING,
        OPEN
    }

    private static final AtomicLong IDS = new AtomicLong();

    static {
        try {
            EXCHANGES = MethodHandles.lookup().findVarHandle(HotConnection.class, "exchanges", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final HostPool pool;
    final long createdNanos;

    /** This connection's own share of the lifetime: 1 less its jitter. */
    final double lifeFactor;

    volatile int maxExchanges = 1;

    /**
     * The user token whose requests alone may use it; {@code null}: any request without one, and any as the first. A
     * {@link ClientKey} is there from the start and for good.
     */
    volatile @Nullable Object userState;

    volatile long lastUsedNanos;

    /** Set by the keep-alive time of a release; meaningful only if {@link #keepAliveLimited}. */
    volatile long keepAliveUntilNanos;

    volatile boolean keepAliveLimited;
    volatile long lastCheckedNanos;
    volatile long roundTripNanos = -1;
    volatile @Nullable Exception failure;

    /** Whether concurrent exchanges share it; settled when opened. */
    volatile boolean shared;

    /** Written under the pool lock, read without: its address, {@code null} until that is known. */
    volatile @Nullable Target target;

    /** Pool lock. */
    Counted counted = Counted.NOT;

    /** Written before it is dialled: whether it is to find out if its address is well again. */
    boolean isProbe;

    /** Written before it is dialled: what the lease it is opened for wishes of the address. */
    volatile @Nullable LeaseWish wish;

    /** Written under the pool lock when it is open, read without: where its exchanges are counted. */
    volatile @Nullable Tally tally;

    /** Written by the opener before it is open: how long TLS took; negative where there is none. */
    volatile long handshakeNanos = -1;

    /** Pool lock: its position in the pool's list, or -1 when it holds no slot. */
    int slot = -1;

    /** Pool lock: when it was leased from the idle list. */
    long leasedNanos;

    /** Pool lock: whether it is in the idle list. */
    boolean inIdle;

    /** Pool lock: whether other requests wait for this opening to learn whether they can share it. */
    boolean joinable;

    /** Pool lock. */
    LeasePermits.@Nullable Permit permit;

    /** Pool lock. */
    @Nullable
    CloseReason reason;

    /** Pool lock: whether the pool has begun to close it. */
    boolean closing;

    /** Pool lock: whether its session has ended. */
    boolean over;

    /** Pool lock: when a graceful close turns into an immediate one; meaningful only if {@code closing}. */
    long closeByNanos;

    private static final VarHandle EXCHANGES;

    private final long id;

    /** Exchanges that are over. */
    @SuppressWarnings("UnusedVariable") // through EXCHANGES
    private volatile long exchanges;

    /** Written under the pool lock when it is open. */
    private volatile @Nullable String profile;

    private volatile HttpVersionPolicy versionPolicy = HttpVersionPolicy.NEGOTIATE;
    private volatile @Nullable DialAttempt dial;
    private volatile @Nullable Intake intake;

    /** Of the last handshake that was begun, which is the one that made the connection if one did. */
    private volatile @Nullable SSLEngine engine;

    HotConnection(HostPool pool, boolean leased, double lifeFactor, long nowNanos) {
        super(leased);
        this.pool = pool;
        this.lifeFactor = lifeFactor;
        this.createdNanos = nowNanos;
        this.lastUsedNanos = nowNanos;
        this.lastCheckedNanos = nowNanos;
        this.id = IDS.incrementAndGet();
    }

    // ---- what a lease asks

    Target targetOrThrow() {
        return Objects.requireNonNull(target, "no address");
    }

    /** Whether a request with this user token may use it. */
    boolean serves(@Nullable Object state) {
        Object mine = userState;
        return mine == null ? !(state instanceof ClientKey) : mine.equals(state);
    }

    /** Its holder has given it back with this user token. */
    void givenBack(@Nullable Object state) {
        Object mine = userState;
        if (!(mine instanceof ClientKey) && !(state instanceof ClientKey) && !Objects.equals(mine, state)) {
            userState = state;
        }
    }

    boolean hasRoom() {
        return isLeasable(shared ? maxExchanges : 1);
    }

    /** Why it must not be leased any more, or {@code null}. */
    @Nullable
    CloseReason unfit(RouteTimes times, long now) {
        return isOpen() ? expired(times, now) : CloseReason.ENDED;
    }

    /** Whether its time is up, and why; {@code null} if not. */
    @Nullable
    CloseReason expired(RouteTimes times, long now) {
        if (times.lifeNanos() >= 0 && now - createdNanos >= (long) (times.lifeNanos() * lifeFactor)) {
            return CloseReason.LIFETIME;
        }
        if (inUse() == 0) {
            if (times.idleNanos() >= 0 && now - lastUsedNanos >= times.idleNanos()) {
                return CloseReason.IDLE_TIMEOUT;
            }
            if (keepAliveLimited && now - keepAliveUntilNanos >= 0) {
                return CloseReason.KEEP_ALIVE;
            }
        }
        return null;
    }

    /** The earliest moment at which {@link #expired} can change its answer if nobody uses it until then. */
    long expiresAt(RouteTimes times, long never) {
        long at = never;
        if (times.lifeNanos() >= 0) {
            at = Math.min(at, createdNanos + (long) (times.lifeNanos() * lifeFactor));
        }
        if (times.idleNanos() >= 0) {
            at = Math.min(at, lastUsedNanos + times.idleNanos());
        }
        if (keepAliveLimited) {
            at = Math.min(at, keepAliveUntilNanos);
        }
        return at;
    }

    void used(long now, long keepAliveNanos) {
        lastUsedNanos = now;
        if (keepAliveNanos > 0) {
            keepAliveUntilNanos = now + keepAliveNanos;
            keepAliveLimited = true;
        } else if (keepAliveLimited) {
            keepAliveLimited = false;
        }
    }

    // ---- its session

    /** Before it is dialled. */
    void setVersionPolicy(HttpVersionPolicy policy) {
        versionPolicy = policy;
    }

    void dialling(@Nullable DialAttempt attempt) {
        dial = attempt;
    }

    /** TLS is about to be started. */
    void secured(SSLEngine newEngine) {
        engine = newEngine;
    }

    @Nullable
    DialAttempt dial() {
        return dial;
    }

    /** Whether its lease has yet to dial it. */
    boolean isUndialled() {
        return isOpening() && !isRetired() && session == null && dial == null;
    }

    void execute(RequestExecutionCommand command) {
        Intake i = intake;
        if (i == null || !i.offer(command)) {
            enqueue(command, Command.Priority.NORMAL);
        }
    }

    /** Its TLS is done: whose browser was shown is known from here on. */
    void nameProfile() {
        SSLSession tls = getSSLSession();
        if (tls != null && tls.getValue(HotConnectionManager.PROFILE) instanceof String name) {
            profile = name;
        }
    }

    @Nullable
    String profile() {
        return profile;
    }

    /** An exchange is over; before it is open there are none but those that open it. */
    void count(Outcome outcome, int status, long elapsedNanos) {
        Tally counts = tally;
        if (counts != null) {
            counts.exchange(outcome, status, elapsedNanos);
            if ((long) EXCHANGES.getAndAdd(this, 1L) == 0) {
                counts.increment(Tally.Count.USED);
            }
        }
    }

    /** TLS took so long. */
    void handshaken(long nanos) {
        handshakeNanos = Math.max(0, handshakeNanos) + Math.max(0, nanos);
    }

    ConnectionSnapshot snapshot(long now) {
        ProtocolIOSession s = session;
        ProtocolVersion version = protocol;
        EndpointDetails details = getEndpointDetails();
        int leased = inUse();
        return new ConnectionSnapshot(
                getId(),
                state(),
                version != null ? version.toString() : null,
                s != null ? s.getRemoteAddress() : null,
                s != null ? s.getLocalAddress() : null,
                profile,
                isResumed(),
                isHealthy(),
                Duration.ofNanos(Math.max(0, now - createdNanos)),
                leased > 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, now - lastUsedNanos)),
                leased,
                granted(),
                exchanges,
                shared ? maxExchanges : 1,
                roundTripNanos >= 0 ? Duration.ofNanos(roundTripNanos) : null,
                details != null ? details.getSentBytesCount() : 0,
                details != null ? details.getReceivedBytesCount() : 0);
    }

    /** Whether a request could be sent on it now: it is open and its address is in use. */
    private boolean isHealthy() {
        Target own = target;
        return !isOpening() && !isRetired() && isOpen() && (own == null || pool.targets.isUsable(own));
    }

    // ---- ConnectionEvents: on the session's I/O thread

    @Override
    public HttpVersionPolicy versionPolicy() {
        return versionPolicy;
    }

    @Override
    public void intakeOffered(Intake offered) {
        intake = offered;
    }

    @Override
    public boolean isEndAnnounced() {
        SSLEngine e = engine;
        return e == null || e.isInboundDone();
    }

    @Override
    public @Nullable String clientKey() {
        ClientKey key = ClientKey.from(userState);
        return key != null ? key.name() : null;
    }

    @Override
    public void protocolStarted(ProtocolVersion version, int newMaxExchanges) {
        protocol = version;
        concurrencyChanged(Math.max(1, newMaxExchanges));
    }

    @Override
    public void concurrencyChanged(int newMaxExchanges) {
        int before = maxExchanges;
        maxExchanges = newMaxExchanges;
        if (isHttp2() && !isOpening()) {
            pool.coldStart.streamsAllowed(newMaxExchanges);
        }
        if (newMaxExchanges > before) {
            pool.capacityGrown();
        }
    }

    @Override
    public void draining() {
        pool.retire(this, CloseReason.DRAINED);
    }

    @Override
    public void exchangeEnded(@Nullable Exception cause) {
        // leases are counted by their release, outcomes by the LeasedExchange, which knows more
    }

    @Override
    public void pingAnswered(long nanos) {
        roundTripNanos = nanos;
    }

    @Override
    public void ended(@Nullable Exception cause) {
        if (cause != null) {
            failure = cause;
        }
        pool.ended(this);
    }

    // ---- HttpConnection

    @Override
    public String getId() {
        return "hc-" + id;
    }

    @Override
    public String toString() {
        return getId() + "[" + state() + " " + getProtocolVersion() + " " + getRemoteAddress() + "]";
    }
}
