package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.RotationPolicy;
import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.HostHealth;
import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.health.OutlierEjection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a route's first hop: which there are, which are in use, and how many connections each has.
 *
 * <p>Unless a method says otherwise it is guarded by the lock of the {@link HostPool}.
 */
final class HostTargets {

    private static final Target[] NONE = {};

    /** How many leases an address that comes late may catch up. */
    private static final long MOST_CATCH_UP = 1000 * Target.STRIDE;

    private final HostPool pool;
    private final Addressing care;
    final OutlierEjection ejection;
    final HostHealth health;
    final TargetOrder order;
    final TargetUpkeep upkeep;

    /** Replaced under the lock, read without. */
    private volatile Target[] all = NONE;

    /** Written under the lock, read without: whether a lease has to choose. */
    private volatile boolean spread;

    /** Written under the lock, read without: whether an address that is well lacks a connection and there is room. */
    private volatile boolean uncovered;

    private boolean blocked;
    private boolean panic;
    private int usable;

    HostTargets(HostPool pool) {
        this.pool = pool;
        this.care = pool.context.addressing;
        this.ejection = new OutlierEjection(care.health);
        this.health = new HostHealth(care.health, pool.context.clock.getAsLong());
        this.order = new TargetOrder(pool, this);
        this.upkeep = new TargetUpkeep(pool, this);
    }

    RotationPolicy policy() {
        RotationPolicy own = pool.limits.byHost().rotation();
        return own != null ? own : care.settings.rotation();
    }

    /** Whether the policy gives each address its share by turns. */
    boolean goesByTurns() {
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

    /** The array itself, not to be changed; without the lock. */
    Target[] all() {
        return all;
    }

    /** How many may be used, as counted last. */
    int usable() {
        return usable;
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
        upkeep.resolved(now);
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
        pool.effects().wakeBy(upkeep.due());
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
            opening(connection, order.forNew(connection.wish));
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
}
