package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.RotationPolicy;
import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.HostHealth;
import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.health.OutlierEjection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a route's first hop: which there are, which are in use, and which one a new connection goes to.
 *
 * <p>Requests are spread in two places. A lease takes, among the open connections, the one whose address comes next by
 * the policy ({@link AddressChoice}). And while an address that is well has no connection, a lease whose turn it is opens
 * one to it instead, so that all come into play one by one, as requests ask for them, and none of them for a single
 * request. Where each address is to get the same share and a connection takes one request at a time, no more connections
 * are opened to one address than to another.
 *
 * <p>Unless a method says otherwise it is guarded by the lock of the {@link HostPool}.
 */
final class HostTargets {

    private static final Target[] NONE = {};
    private static final long SOONEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PROBE_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int USUAL_TIMES = 4;
    private static final long LEAST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long MOST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How many leases an address may be ahead of another that is about to be free. */
    private static final long MOST_LEAD = 16 * Target.STRIDE;

    /** How many leases an address that comes late may catch up. */
    private static final long MOST_CATCH_UP = 1000 * Target.STRIDE;

    private final HostPool pool;
    private final Addressing care;
    final OutlierEjection ejection;
    final HostHealth health;

    /** Replaced under the lock, read without. */
    private volatile Target[] all = NONE;

    /** Written under the lock, read without: whether a lease has to choose. */
    private volatile boolean spread;

    /** Written under the lock, read without: whether an address that is well lacks a connection and there is room. */
    private volatile boolean uncovered;

    private boolean blocked;
    private boolean panic;
    private int usable;
    private long refreshNanos;

    HostTargets(HostPool pool) {
        this.pool = pool;
        this.care = pool.context.addressing;
        this.ejection = new OutlierEjection(care.health);
        this.health = new HostHealth(care.health, pool.context.clock.getAsLong());
        this.refreshNanos = LeaseQueue.NONE;
    }

    RotationPolicy policy() {
        RotationPolicy own = pool.limits.byHost().rotation();
        return own != null ? own : care.settings.rotation();
    }

    /** Whether the policy gives each address its share by turns. */
    private boolean goesByTurns() {
        RotationPolicy policy = policy();
        return policy == RotationPolicy.ROUND_ROBIN || policy == RotationPolicy.WEIGHTED;
    }

    /** The policy may be another than before. */
    void policyChanged() {
        for (Target target : all) {
            target.setWeight(care.weight(target.address(), policy()));
        }
    }

    /** Without the lock. */
    boolean isSpread() {
        return spread;
    }

    /** Without the lock: whether a lease had better look under the lock. */
    boolean isUncovered() {
        return uncovered;
    }

    /** Without the lock. */
    boolean isUsable(Target target) {
        return !target.gone
                && !target.excluded
                && (!target.health.isOut() || ejection.isPanic())
                && !care.routability.isOut(target.family);
    }

    /** Without the lock: whether a connection that has just been opened may be leased, or may be once its probe is over. */
    boolean mayKeep(HotConnection connection) {
        Target target = connection.target;
        return target == null
                || isUsable(target)
                || (isBeingProbed(connection, target) && !target.gone && !target.excluded);
    }

    private static boolean isBeingProbed(HotConnection connection, Target target) {
        return connection.isProbe && target.health.state() == AddressHealth.State.PROBED;
    }

    List<Target> list() {
        return List.of(all);
    }

    /** Without the lock: a lease was granted on an open connection. */
    void took(HotConnection connection) {
        Target target = connection.target;
        if (target != null) {
            target.took();
        }
    }

    /** Without the lock: a lease has ended. */
    void gaveBack(HotConnection connection) {
        Target target = connection.target;
        if (target != null) {
            target.gaveBack();
        }
    }

    // ---- which addresses there are

    /** Whether these addresses are all known and no others; without the lock. */
    boolean knows(List<InetSocketAddress> addresses) {
        Target[] known = all;
        if (known.length != addresses.size()) {
            return false;
        }
        for (Target target : known) {
            if (!addresses.contains(target.socketAddress)) {
                return false;
            }
        }
        return true;
    }

    /** The addresses are these: new ones come into use, connections to others are drained. */
    void resolved(List<InetSocketAddress> addresses, long now) {
        long interval = care.settings.dnsInterval().toNanos();
        refreshNanos = interval == 0 ? LeaseQueue.NONE : now + interval;
        boolean renewed = care.routability.renew(now);
        if (knows(addresses)) {
            if (renewed) {
                recount();
            }
            return;
        }
        long turn = lowestTurn();
        List<Target> next = new ArrayList<>(addresses.size());
        for (InetSocketAddress address : addresses) {
            Target target = find(address);
            next.add(target != null ? target : create(address, turn));
        }
        for (Target target : all) {
            if (!next.contains(target)) {
                target.gone = true;
                if (!target.excluded) {
                    ejection.remove(target.health);
                }
                retireConnections(target, CloseReason.ADDRESS_GONE);
            }
        }
        all = next.toArray(NONE);
        changed(now);
    }

    private @Nullable Target find(InetSocketAddress address) {
        for (Target target : all) {
            if (target.socketAddress.equals(address)) {
                return target;
            }
        }
        return null;
    }

    private Target create(InetSocketAddress address, long turn) {
        InetAddress ip = address.getAddress();
        Target target = new Target(address, care.place(pool.route, address), care.weight(ip, policy()), turn);
        target.excluded = !mayDial(target);
        if (!target.excluded) {
            ejection.add(target.health);
        }
        if (target.place != null) {
            target.memory = pool.context.memory.take(target.place);
        }
        return target;
    }

    /** What was out before can only be resumed when all addresses are known, for the share that may be out. */
    private void resume() {
        for (Target target : all) {
            PoolMemory.Address memory = target.memory;
            if (memory != null && !target.excluded) {
                target.memory = null;
                ejection.recall(target.health, memory.latencyNanos());
                if (memory.out() && memory.outUntilNanos() - pool.context.clock.getAsLong() > 0) {
                    ejection.resumeEjection(target.health, memory.ejections(), memory.outUntilNanos());
                }
            }
        }
        for (Target target : all) {
            if (target.place != null && !target.excluded && !target.knownGood && target.health.isWell()) {
                long until = care.bans.bannedUntil(target.place, LeaseQueue.NONE);
                if (until != LeaseQueue.NONE) {
                    ejection.resumeBan(target.health, until);
                }
            }
        }
    }

    boolean mayDial(Target target) {
        InetAddress source = pool.route.getLocalAddress();
        InetAddress address = target.address();
        boolean reachable = source == null || address == null || source.getClass() == address.getClass();
        return reachable && care.mayDial(address, pool.route.getProxyHost() != null);
    }

    /** The filter or the user's bans may say otherwise than before. */
    void review(long now) {
        for (Target target : all) {
            boolean excluded = !mayDial(target);
            if (excluded != target.excluded) {
                target.excluded = excluded;
                if (excluded) {
                    ejection.remove(target.health);
                    retireConnections(target, CloseReason.ADDRESS_OUT);
                } else {
                    target.raiseTurn(lowestTurn());
                    ejection.add(target.health);
                }
            }
        }
        changed(now);
    }

    /** The state of an address has changed: what is out is drained, who waits may be served. */
    void changed(long now) {
        resume();
        boolean panics = ejection.isPanic();
        if (panics != panic) {
            panic = panics;
            pool.effects().event(listener -> listener.panicChanged(pool.route, panics));
        }
        for (Target target : all) {
            if (!isUsable(target)) {
                retireConnections(target, CloseReason.ADDRESS_OUT);
            }
        }
        boolean denied = ejection.isBlocked();
        if (denied != blocked) {
            blocked = denied;
            pool.effects().event(listener -> listener.hostBlocked(pool.route, denied));
        }
        recount();
        pool.serveLocked(now);
        pool.effects().wakeBy(due());
    }

    private void retireConnections(Target target, CloseReason reason) {
        for (HotConnection c : pool.slots.copy()) {
            boolean probed = isBeingProbed(c, target) && !target.gone && !target.excluded;
            if (c.target == target && !c.isOpening() && !c.isRetired() && !probed) {
                pool.retireLocked(c, reason);
            }
        }
    }

    /**
     * What came of a dial or an exchange has changed something.
     *
     * @param state whether that is the state of this address
     */
    void changed(Target target, Outcome outcome, boolean state, long now) {
        InetAddress address = target.address();
        AddressHealth.State after = target.health.state();
        if (!target.health.isOut()) {
            target.raiseTurn(lowestTurn());
        }
        if (state && address != null) {
            pool.effects().event(l -> l.addressChanged(pool.route, address, after, outcome));
        }
        changed(now);
    }

    // ---- where leases and connections go

    /** The address to which this lease is to open a connection though others have connections; usually none. */
    @Nullable
    Target wanted(@Nullable LeaseWish wish) {
        if (!uncovered) {
            return null;
        }
        Target best = null;
        Target covered = null;
        for (Target t : all) {
            if (!isUsable(t) || LeaseWish.avoids(wish, t)) {
                continue;
            }
            if (t.connections > 0) {
                covered = covered == null || AddressChoice.isBetter(policy(), t, covered, wish) ? t : covered;
            } else if (t.openings == 0 && t.health.isWell()) {
                best = best == null || AddressChoice.isBetter(policy(), t, best, wish) ? t : best;
            }
        }
        if (best == null || covered == null) {
            return best;
        }
        boolean later = switch (policy()) {
            case STICKY -> !AddressChoice.isStickier(best, covered, wish);
            case ROUND_ROBIN, WEIGHTED -> covered.turn() < best.turn();
            case LEAST_USED, LEAST_LATENCY, RANDOM -> false;
        };
        return later ? null : best;
    }

    /** The address for a new connection, or {@code null} where none is known or none may be used. */
    @Nullable
    Target forNew(@Nullable LeaseWish wish) {
        Target best = null;
        Comparator<Target> order = order(wish);
        for (Target t : all) {
            if (isUsable(t) && (best == null || order.compare(t, best) < 0)) {
                best = t;
            }
        }
        return best;
    }

    /** Whether a lease may open one more connection without giving an address more than its share of them. */
    boolean allowsAnother() {
        if (!spread || !goesByTurns() || usable == 0) {
            return true;
        }
        int most = Math.max(1, pool.maxConnections() / usable);
        for (Target t : all) {
            if (isUsable(t) && t.connections + t.openings < most) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a lease of this connection, which takes one request at a time, had better wait for one of an address that
     * lags behind: with all connections busy, the quicker ones would else get more than their share. Nobody is waited for
     * longer than it usually takes.
     */
    boolean isAhead(HotConnection connection, long now) {
        Target own = connection.target;
        if (own == null || !spread || !goesByTurns()) {
            return false;
        }
        long limit = own.turn() - MOST_LEAD;
        for (Target t : all) {
            if (t.turn() < limit && t.connections > 0 && isUsable(t) && isAwaited(t, now)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAwaited(Target target, long now) {
        long usual = USUAL_TIMES * target.health.latencyNanos();
        long patience = Math.min(MOST_PATIENCE_NANOS, Math.max(LEAST_PATIENCE_NANOS, usual));
        for (HotConnection c : pool.slots.view()) {
            boolean busy = c.target == target && !c.shared && c.inUse() > 0 && !c.isRetired();
            if (busy && now - c.leasedNanos < patience) {
                pool.effects().wakeBy(c.leasedNanos + patience);
                return true;
            }
        }
        return false;
    }

    private Comparator<Target> order(@Nullable LeaseWish wish) {
        Comparator<Target> healthy = Comparator.comparing(t -> !t.health.isWell());
        Comparator<Target> order = healthy.thenComparing(t -> LeaseWish.avoids(wish, t));
        if (policy() == RotationPolicy.STICKY) {
            int hash = wish != null && wish.key() != null ? wish.key().hash() : 0;
            return order.thenComparingInt(t -> t.rank(hash));
        }
        if (pool.slots.size() <= 1) {
            // a cold start: what has worked before comes first
            order = order.thenComparing(t -> t.place == null || !care.bans.isKnownGood(t.place));
        }
        return order.thenComparingLong(t -> (t.connections + t.openings) * t.stride())
                .thenComparingLong(Target::turn);
    }

    /**
     * The addresses a dial tries, in their order: the one it is for first, then the others by turns of the two families
     * (RFC 8305 section 4), those that are out last.
     */
    List<Target> dialOrder(HotConnection connection, @Nullable LeaseWish wish) {
        List<Target> order = new ArrayList<>();
        Target own = connection.target;
        if (connection.isProbe && own != null) {
            return List.of(own);
        }
        if (own != null && isUsable(own)) {
            order.add(own);
        }
        List<Target> rest = new ArrayList<>();
        List<Target> out = new ArrayList<>();
        for (Target t : all) {
            if (t != own && !t.excluded) {
                (isUsable(t) ? rest : out).add(t);
            }
        }
        // a dial that fails over goes where there are connections: there it is known to work
        Comparator<Target> likely = Comparator.comparing(t -> !t.health.isWell() || LeaseWish.avoids(wish, t));
        rest.sort(likely.thenComparing(t -> t.connections == 0).thenComparing(order(wish)));
        if (order.isEmpty() && !rest.isEmpty()) {
            order.add(rest.remove(0));
        }
        while (!rest.isEmpty()) {
            Target last = order.get(order.size() - 1);
            int i = 0;
            while (i < rest.size() && !isOtherFamily(rest.get(i), last)) {
                i++;
            }
            order.add(rest.remove(i < rest.size() ? i : 0));
        }
        order.addAll(out);
        return order;
    }

    private static boolean isOtherFamily(Target a, Target b) {
        InetAddress x = a.address();
        InetAddress y = b.address();
        return x != null && y != null && x.getClass() != y.getClass();
    }

    private long lowestTurn() {
        long lowest = Long.MAX_VALUE;
        for (Target t : all) {
            if (isUsable(t) && t.connections > 0) {
                lowest = Math.min(lowest, t.turn());
            }
        }
        return lowest == Long.MAX_VALUE ? 0 : lowest;
    }

    // ---- which connections there are

    /** A connection is to be opened to the address; {@code null}: to one that is chosen when they are known. */
    void opening(HotConnection connection, @Nullable Target target) {
        connection.target = target;
        if (target != null) {
            connection.counted = HotConnection.Counted.OPENING;
            target.openings++;
            if (connection.inUse() > 0) {
                target.took();
            }
        }
        recount();
    }

    /** The addresses are known: a connection that was begun without gets one, so that those begun together spread. */
    void assign(HotConnection connection) {
        if (connection.target == null && !connection.isRetired()) {
            opening(connection, forNew(connection.wish));
        }
    }

    /** The connection is dialled to this address, whichever it was meant for. */
    void dialled(HotConnection connection, Target target) {
        Target before = connection.target;
        if (before != target) {
            if (before != null && connection.inUse() > 0) {
                before.untook();
            }
            left(connection);
            if (!connection.isRetired()) {
                opening(connection, target);
            } else {
                connection.target = target;
            }
        }
    }

    void opened(HotConnection connection) {
        Target target = connection.target;
        if (target != null && connection.counted == HotConnection.Counted.OPENING) {
            connection.counted = HotConnection.Counted.OPEN;
            target.openings--;
            if (target.connections++ == 0) {
                target.raiseTurn(lowestTurn() - MOST_CATCH_UP);
            }
            recount();
        }
    }

    /** The connection is no longer one that may be leased. */
    void left(HotConnection connection) {
        Target target = connection.target;
        if (target != null && connection.counted != HotConnection.Counted.NOT) {
            if (connection.counted == HotConnection.Counted.OPENING) {
                target.openings--;
            } else {
                target.connections--;
            }
            connection.counted = HotConnection.Counted.NOT;
            recount();
        }
    }

    /** Counts anew what leases go by. */
    void recount() {
        int inUse = 0;
        boolean missing = false;
        for (Target t : all) {
            if (isUsable(t)) {
                inUse++;
                missing |= t.health.isWell() && t.connections + t.openings == 0;
            }
        }
        usable = inUse;
        spread = all.length > 1;
        uncovered = missing && inUse > 1 && pool.slots.size() < pool.maxConnections();
    }

    /** No connection can be opened now though an address lacks one: leases need not try until something changes. */
    void noRoom() {
        uncovered = false;
    }

    // ---- time

    long due() {
        long due = Math.min(ejection.nextDue(LeaseQueue.NONE), health.recoveryDue(LeaseQueue.NONE));
        for (Target t : all) {
            if (t.excluded) {
                due = Math.min(due, care.bans.nextUserBanEnds(LeaseQueue.NONE));
            }
        }
        return pool.slots.size() > 0 ? Math.min(due, refreshNanos) : due;
    }

    /** Does what is due, and returns when to look again. */
    long run(long now) {
        if (pool.upkeep.isDormant(now)) {
            // its bans are remembered elsewhere; if it is asked for again, it is made anew
            return LeaseQueue.NONE;
        }
        for (Target t : all) {
            if (t.excluded && mayDial(t)) {
                review(now);
                break;
            }
        }
        if (now >= refreshNanos && pool.slots.size() > 0) {
            refreshNanos = now + Math.max(1, care.settings.dnsInterval().toNanos());
            pool.effects().refresh();
        }
        if (ejection.renew(now)) {
            changed(now);
        }
        for (AddressHealth due : ejection.takeDue(now)) {
            for (Target t : all) {
                if (t.health == due) {
                    probe(t, now);
                }
            }
        }
        if (health.takeRecovery(now)) {
            pool.effects().recover();
        }
        return Math.max(due(), now + SOONEST_NANOS);
    }

    private void probe(Target target, long now) {
        if (ejection.isBanned(target.health) && !care.bans.settings().probe()) {
            ejection.bringBack(target.health);
            changed(target, Outcome.OK, true, now);
            return;
        }
        HotConnection connection = pool.openings.reserveProbe(target, now);
        if (connection != null) {
            pool.effects().probe(connection);
        } else {
            ejection.postpone(target.health, Duration.ofNanos(PROBE_AGAIN_NANOS), now);
        }
    }
}
