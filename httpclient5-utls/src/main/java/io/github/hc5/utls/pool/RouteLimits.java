package io.github.hc5.utls.pool;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What limits the connections of one route: a limit of its own, what the {@link HostLimits} say of its host, the settings
 * of all; and the share of the total it draws on. Written under the lock of the {@link HostPool}, read without.
 */
final class RouteLimits {

    private static final int UNSET = -1;

    /** The share in whose queue the route waits for a slot of the {@link TotalLimit}; {@code null}: it does not wait. */
    final AtomicReference<@Nullable SlotShare> starvedIn = new AtomicReference<>();

    private final HostPool pool;
    private final String host;
    private volatile HostLimits table;
    private volatile HostLimit limit;
    private volatile SlotShare share;
    private volatile int own = UNSET;

    RouteLimits(HostPool pool) {
        this.pool = pool;
        this.host = pool.route.getTargetHost().getHostName();
        this.table = pool.context.hostLimits();
        this.limit = table.of(host);
        this.share = pool.context.total.share(table.reserveOf(host));
    }

    /** How many connections the route may have. */
    int maxConnections() {
        int max = own;
        if (max != UNSET) {
            return max;
        }
        Integer byHost = limit.connections();
        return byHost != null ? byHost : pool.context.defaultMaxPerRoute();
    }

    /** Sets a limit for this route alone; 0 or less: none. */
    void setOwn(int max) {
        own = max > 0 ? max : UNSET;
    }

    boolean hasOwn() {
        return own != UNSET;
    }

    /** What is said of this route's host. */
    HostLimit byHost() {
        return limit;
    }

    SlotShare share() {
        return share;
    }

    /** Whether a connection of this route is one too many for the total. */
    boolean exceedTotal() {
        return pool.context.total.isExceeded(share);
    }

    /** Under lock: goes by the host limits in force now, also where the route was made while they were replaced. */
    void adopt() {
        HostLimits current = pool.context.hostLimits();
        if (current.equals(table)) {
            return;
        }
        table = current;
        limit = current.of(host);
        SlotShare next = pool.context.total.share(current.reserveOf(host));
        if (next != share) {
            pool.context.total.move(share, next, pool.slots.view());
            share = next;
        }
        pool.targets.policyChanged();
    }
}
