package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.AddressBans;
import io.github.hc5.utls.address.BanRule;
import io.github.hc5.utls.health.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the dials and exchanges of a route come to, and whom that is told: the bans, the health of the address, the host
 * and the pool, the memory of failed tries, the listener. Called on I/O threads under no lock; takes the lock of the host
 * pool only when the state of an address or of the host changes.
 */
final class HostOutcomes {

    private static final Logger LOG = LoggerFactory.getLogger(HostPool.class);

    private final HostPool pool;
    private final Addressing care;

    HostOutcomes(HostPool pool) {
        this.pool = pool;
        this.care = pool.context.addressing;
    }

    // ---- exchanges

    /** The head of a response has come; its caller hears of it next. */
    void responded(LeasedExchange exchange, HttpResponse response) {
        if (isBanning(response)) {
            bans(exchange, response.getCode());
            return;
        }
        int status = response.getCode();
        BanRule.BodyCondition condition = care.bans.mayBan(status)
                ? care.bans.bodyCondition(pool.route.getTargetHost().getHostName(), status)
                : null;
        if (condition != null) {
            exchange.watch(condition);
        }
    }

    /** The response, by its head or the beginning of its body, means that the address is not welcome. */
    void bans(LeasedExchange exchange, int status) {
        exchange.banned();
        Target target = exchange.connection().target;
        if (target != null) {
            care.failedTries.add(exchange.leaseId(), target.socketAddress);
            ban(target, status);
        }
    }

    /** Whether the response bans the address that gave it. */
    boolean isBanning(HttpResponse response) {
        int status = response.getCode();
        return care.bans.mayBan(status)
                && care.bans.isBanning(pool.route.getTargetHost().getHostName(), status, name -> first(response, name));
    }

    private void count(Target target, Tally.Count what) {
        pool.tallies.of(target).increment(what);
    }

    private static @Nullable String first(HttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header != null ? header.getValue() : null;
    }

    /** Returns whether the state of the address has changed. */
    private boolean ban(Target target, int status) {
        AddressBans.Place place = target.place;
        target.knownGood = false;
        boolean changed = false;
        if (place != null) {
            Duration time = care.bans.ban(place, status);
            boolean wasBlocked = pool.targets.ejection.isBlocked();
            changed = pool.targets.ejection.ban(target.health, time, pool.context.clock.getAsLong());
            if (changed) {
                count(target, Tally.Count.BANS);
            }
            if (changed || wasBlocked != pool.targets.ejection.isBlocked()) {
                boolean state = changed;
                pool.decide(now -> pool.targets.changed(target, Outcome.BANNED_STATUS, state, now));
            }
        }
        return changed;
    }

    /** An exchange is over; its caller hears of it next. */
    void ended(LeasedExchange exchange, Outcome outcome, long elapsedNanos) {
        long now = pool.context.clock.getAsLong();
        Target target = exchange.connection().target;
        care.poolHealth.record(outcome, elapsedNanos, now);
        boolean hostChanged = pool.targets.health.record(outcome, elapsedNanos, now);
        Exits exits = care.exits();
        if (exits != null) {
            exits.ended(pool.route, outcome, elapsedNanos);
        }
        if (target != null) {
            judge(target, outcome, exchange.leaseId(), elapsedNanos, now);
        }
        if (hostChanged) {
            hostChanged();
        }
        exchange.connection().count(outcome, exchange.status(), elapsedNanos);
        tell(exchange, outcome, elapsedNanos);
        pool.context.services.exchangeEnded(now);
    }

    private void judge(Target target, Outcome outcome, @Nullable String leaseId, long elapsedNanos, long now) {
        if (outcome == Outcome.OK) {
            if (!target.knownGood && target.place != null) {
                target.knownGood = true;
                care.bans.succeeded(target.place);
            }
        } else if (outcome.isFailure()) {
            target.knownGood = false;
            care.failedTries.add(leaseId, target.socketAddress);
        }
        boolean wasBlocked = pool.targets.ejection.isBlocked();
        boolean changed = pool.targets.ejection.record(target.health, outcome, false, elapsedNanos, now);
        if (changed && target.health.isOut()) {
            count(target, Tally.Count.EJECTIONS);
        }
        if (changed || wasBlocked != pool.targets.ejection.isBlocked()) {
            pool.decide(then -> pool.targets.changed(target, outcome, changed, then));
        }
    }

    private void tell(LeasedExchange exchange, Outcome outcome, long elapsedNanos) {
        PoolListener listener = pool.context.listener();
        if (listener != PoolListener.NONE) {
            SocketAddress remote = exchange.connection().getRemoteAddress();
            InetAddress address = remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
            try {
                listener.exchangeEnded(pool.route, address, outcome, exchange.status(), elapsedNanos);
            } catch (RuntimeException | LinkageError e) {
                Effects.listenerFailed(e);
            }
        }
    }

    private void hostChanged() {
        pool.decide(now -> {
            var report = pool.targets.health.report(now);
            pool.effects().event(listener -> listener.hostHealthChanged(pool.route, report));
            pool.effects().wakeBy(pool.targets.upkeep.due());
        });
    }

    // ---- dials

    /** A connection has been dialled as far as TCP. */
    void dialled(HotConnection connection, @Nullable Target target) {
        if (target != null && connection.target != target) {
            pool.decide(now -> {
                pool.targets.dialled(connection, target);
                // the address it was meant for may have another one now
                pool.serveLocked(now);
            });
        }
    }

    /** This machine has no route to the address: that is not the address' fault, unless it is one of this machine's own. */
    void noRoute(Target target, Exception cause) {
        if (target.family == Routability.Family.LOCAL) {
            dialEnded(target, Outcome.REFUSED);
        } else if (care.routability.lost(target.family, pool.context.clock.getAsLong())) {
            LOG.info(
                    "{}: addresses of {} are passed over for a minute: {}",
                    DialFailures.text(target.socketAddress),
                    target.family,
                    String.valueOf(cause.getMessage()));
            pool.decide(now -> pool.targets.recount());
        }
    }

    /** A dial of one address is over. */
    void dialEnded(@Nullable Target target, Outcome outcome) {
        if (target == null) {
            return;
        }
        if (outcome.isFailure()) {
            target.knownGood = false;
        } else if (outcome == Outcome.OK) {
            care.routability.works(target.family);
        }
        long now = pool.context.clock.getAsLong();
        if (pool.targets.ejection.record(target.health, outcome, true, 0, now)) {
            if (target.health.isOut()) {
                count(target, Tally.Count.EJECTIONS);
            }
            pool.decide(then -> pool.targets.changed(target, outcome, true, then));
        }
    }

    /** A whole connect has failed, whichever addresses were tried. */
    void connectFailed(Exception cause) {
        Outcome outcome = Outcomes.ofDial(cause, false);
        long now = pool.context.clock.getAsLong();
        care.poolHealth.record(outcome, 0, now);
        Exits exits = care.exits();
        if (exits != null) {
            exits.connectFailed(pool.route, outcome, cause);
        }
        if (pool.targets.health.record(outcome, 0, now)) {
            hostChanged();
        }
        pool.context.services.exchangeEnded(now);
    }

    // ---- probes

    /** A banned or ejected address has been tried. */
    void probed(Target target, boolean well) {
        long now = pool.context.clock.getAsLong();
        if (well) {
            if (target.place != null) {
                care.bans.succeeded(target.place);
                target.knownGood = true;
            }
            pool.targets.ejection.bringBack(target.health);
        } else {
            pool.targets.ejection.stayOut(target.health, now);
            count(target, Tally.Count.EJECTIONS);
        }
        Outcome outcome = well ? Outcome.OK : Outcome.FAILED;
        pool.decide(then -> pool.targets.changed(target, outcome, true, then));
    }

    /** A probe was answered with a banned status. */
    void probeBanned(Target target, int status) {
        if (!ban(target, status)) {
            pool.decide(now -> pool.targets.changed(target, Outcome.BANNED_STATUS, false, now));
        }
    }
}
