package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a host's addresses need from time to time: to be resolved anew, to be tried when their time out is over, to be
 * reviewed when a ban of the user's ends; and a failed host its discovery. A function of {@code now} that returns when it
 * is to run next. Guarded by the lock of the {@link HostPool}.
 */
final class TargetUpkeep {

    private static final long SOONEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PROBE_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HostPool pool;
    private final HostTargets targets;
    private final Addressing care;
    private long refreshNanos = LeaseQueue.NONE;

    TargetUpkeep(HostPool pool, HostTargets targets) {
        this.pool = pool;
        this.targets = targets;
        this.care = pool.context.addressing;
    }

    /** The addresses have been resolved. */
    void resolved(long now) {
        long interval = care.settings.dnsInterval().toNanos();
        refreshNanos = interval == 0 ? LeaseQueue.NONE : now + interval;
    }

    long due() {
        long due = Math.min(targets.ejection.nextDue(LeaseQueue.NONE), targets.health.recoveryDue(LeaseQueue.NONE));
        for (Target t : targets.all()) {
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
        for (Target t : targets.all()) {
            if (t.excluded && targets.mayDial(t)) {
                targets.review(now);
                break;
            }
        }
        if (now >= refreshNanos && pool.slots.size() > 0) {
            refreshNanos = now + Math.max(1, care.settings.dnsInterval().toNanos());
            pool.effects().refresh();
        }
        if (targets.ejection.renew(now)) {
            targets.changed(now);
        }
        for (AddressHealth due : targets.ejection.takeDue(now)) {
            for (Target t : targets.all()) {
                if (t.health == due) {
                    probe(t, now);
                }
            }
        }
        if (targets.health.takeRecovery(now)) {
            pool.effects().recover();
        }
        return Math.max(due(), now + SOONEST_NANOS);
    }

    private void probe(Target target, long now) {
        if (targets.ejection.isBanned(target.health) && !care.bans.settings().probe()) {
            targets.ejection.bringBack(target.health);
            targets.changed(target, Outcome.OK, true, now);
            return;
        }
        HotConnection connection = pool.openings.reserveProbe(target, now);
        if (connection != null) {
            pool.effects().probe(connection);
        } else {
            targets.ejection.postpone(target.health, Duration.ofNanos(PROBE_AGAIN_NANOS), now);
        }
    }
}
