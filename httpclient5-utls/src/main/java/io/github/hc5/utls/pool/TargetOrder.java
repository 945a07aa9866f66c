package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.RotationPolicy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which address of a host a new connection goes to, and whether a lease is to open one.
 *
 * <p>Requests are spread in two places. A lease takes, among the open connections, the one whose address comes next by
 * the policy ({@link AddressChoice}). And while an address that is well has no connection, a lease whose turn it is opens
 * one to it instead, so that all come into play one by one, as requests ask for them, and none of them for a single
 * request. Where each address is to get the same share and a connection takes one request at a time, no more connections
 * are opened to one address than to another.
 *
 * <p>Without state of its own; reads that of {@link HostTargets} under the lock of the {@link HostPool}.
 */
final class TargetOrder {

    private static final int USUAL_TIMES = 4;
    private static final long LEAST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long MOST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How many leases an address may be ahead of another that is about to be free. */
    private static final long MOST_LEAD = 16 * Target.STRIDE;

    private final HostPool pool;
    private final HostTargets targets;

    TargetOrder(HostPool pool, HostTargets targets) {
        this.pool = pool;
        this.targets = targets;
    }

    /** The address to which this lease is to open a connection though others have connections; usually none. */
    @Nullable
    Target wanted(@Nullable LeaseWish wish) {
        if (!targets.isUncovered()) {
            return null;
        }
        Target best = null;
        Target covered = null;
        for (Target t : targets.all()) {
            if (!targets.isUsable(t) || LeaseWish.avoids(wish, t)) {
                continue;
            }
            if (t.connections > 0) {
                covered = covered == null || AddressChoice.isBetter(targets.policy(), t, covered, wish) ? t : covered;
            } else if (t.openings == 0 && t.health.isWell()) {
                best = best == null || AddressChoice.isBetter(targets.policy(), t, best, wish) ? t : best;
            }
        }
        if (best == null || covered == null) {
            return best;
        }
        boolean later = switch (targets.policy()) {
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
        for (Target t : targets.all()) {
            if (targets.isUsable(t) && (best == null || order.compare(t, best) < 0)) {
                best = t;
            }
        }
        return best;
    }

    /** Whether a lease may open one more connection without giving an address more than its share of them. */
    boolean allowsAnother() {
        if (!targets.isSpread() || !targets.goesByTurns() || targets.usable() == 0) {
            return true;
        }
        int most = Math.max(1, pool.maxConnections() / targets.usable());
        for (Target t : targets.all()) {
            if (targets.isUsable(t) && t.connections + t.openings < most) {
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
        if (own == null || !targets.isSpread() || !targets.goesByTurns()) {
            return false;
        }
        long limit = own.turn() - MOST_LEAD;
        for (Target t : targets.all()) {
            if (t.turn() < limit && t.connections > 0 && targets.isUsable(t) && isAwaited(t, now)) {
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
        if (targets.policy() == RotationPolicy.STICKY) {
            int hash = wish != null && wish.key() != null ? wish.key().hash() : 0;
            return order.thenComparingInt(t -> t.rank(hash));
        }
        if (pool.slots.size() <= 1) {
            // a cold start: what has worked before comes first
            order = order.thenComparing(t -> t.place == null || !pool.context.addressing.bans.isKnownGood(t.place));
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
        if (own != null && targets.isUsable(own)) {
            order.add(own);
        }
        List<Target> rest = new ArrayList<>();
        List<Target> out = new ArrayList<>();
        for (Target t : targets.all()) {
            if (t != own && !t.excluded) {
                (targets.isUsable(t) ? rest : out).add(t);
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
}
