package io.github.hc5.utls.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which addresses of one host are out of use, after Envoy's outlier detection: an address whose dials or
 * exchanges fail so many times in a row is ejected, each time for longer; when its time is up it is tried once, and comes
 * back if that goes well. A response with a banned status takes it out likewise, for as long as the ban lasts.
 *
 * <p>No safeguard may shut out a whole host, so: at most a set share of the addresses is out at once and one always stays
 * (what would go beyond is only marked as unwell); and when the share of those that are well falls below another, all are
 * used, whatever their state (panic), since what looks like many dead addresses is then more likely something else.
 *
 * <p>Thread-safe. A success of an address without blemish takes no lock.
 */
public final class OutlierEjection {

    private static final int MOST_DOUBLINGS = 20;

    private final HealthSettings settings;

    /** Guarded by this. */
    private final List<AddressHealth> addresses = new ArrayList<>();

    /** Written under this. */
    private volatile boolean panic;

    /** Written under this. */
    private volatile boolean blocked;

    public OutlierEjection(HealthSettings settings) {
        this.settings = settings;
    }

    /** Takes an address in. */
    public synchronized void add(AddressHealth address) {
        addresses.add(address);
        settle();
    }

    /** Forgets an address. */
    public synchronized void remove(AddressHealth address) {
        addresses.remove(address);
        settle();
    }

    /** Whether all addresses are to be used because too few are well. */
    public boolean isPanic() {
        return panic;
    }

    /** Whether the last answer of every address had a banned status. */
    public boolean isBlocked() {
        return blocked;
    }

    /**
     * Takes in what an exchange or a dial came to.
     *
     * @return whether the state of the address has changed
     */
    public boolean record(AddressHealth address, Outcome outcome, boolean dial, long elapsedNanos, long nowNanos) {
        if (outcome == Outcome.OK) {
            if (!dial) {
                address.took(elapsedNanos);
            }
            return !address.isSpotless() && succeeded(address, dial);
        }
        // a banned status is the business of ban(); an error page says that the server is there
        if (!outcome.isFailure() || outcome == Outcome.BANNED_STATUS) {
            return false;
        }
        int failures = (dial ? address.dialFailures : address.exchangeFailures).incrementAndGet();
        int most = dial ? settings.dialFailures() : settings.exchangeFailures();
        return failures >= most && eject(address, nowNanos);
    }

    private synchronized boolean succeeded(AddressHealth address, boolean dial) {
        address.dialFailures.set(0);
        if (dial) {
            // that it takes connections does not yet say that it answers
            return false;
        }
        address.exchangeFailures.set(0);
        if (address.isOut() && !panic) {
            // an exchange that had begun before; only a probe brings it back
            return false;
        }
        boolean changed = address.state() != AddressHealth.State.WELL;
        restore(address);
        return changed;
    }

    private void restore(AddressHealth address) {
        address.dialFailures.set(0);
        address.exchangeFailures.set(0);
        address.ejections = 0;
        address.banned = false;
        address.setDenied(false);
        address.setState(AddressHealth.State.WELL);
        settle();
    }

    private synchronized boolean eject(AddressHealth address, long nowNanos) {
        if (address.state() == AddressHealth.State.OUT) {
            return false;
        }
        long time = settings.ejectionTime().toNanos();
        for (int i = 0; i < Math.min(MOST_DOUBLINGS, address.ejections); i++) {
            time = Math.min(settings.maxEjectionTime().toNanos(), time * 2);
        }
        boolean wasUnwell = address.state() == AddressHealth.State.UNWELL;
        boolean out = takeOut(address, time, nowNanos);
        if (out) {
            address.ejections++;
        }
        return out || !wasUnwell;
    }

    /**
     * A response had a banned status: takes the address out for so long, if the share allows it.
     *
     * @return whether its state has changed
     */
    public synchronized boolean ban(AddressHealth address, Duration time, long nowNanos) {
        address.setDenied(true);
        AddressHealth.State before = address.state();
        if (before != AddressHealth.State.OUT) {
            address.banned = true;
            takeOut(address, time.toNanos(), nowNanos);
        }
        settle();
        return address.state() != before;
    }

    private boolean takeOut(AddressHealth address, long nanos, long nowNanos) {
        boolean out = address.isOut() || mayTakeOut();
        address.setState(out ? AddressHealth.State.OUT : AddressHealth.State.UNWELL);
        address.outUntilNanos = nowNanos + nanos;
        settle();
        return out;
    }

    private boolean mayTakeOut() {
        int out = 1;
        for (AddressHealth a : addresses) {
            out += a.isOut() ? 1 : 0;
        }
        return out < addresses.size() && out <= settings.maxOutShare() * addresses.size();
    }

    /** Counts anew who is well. */
    private void settle() {
        int well = 0;
        int denied = 0;
        for (AddressHealth a : addresses) {
            well += a.isWell() ? 1 : 0;
            denied += a.isDenied() ? 1 : 0;
        }
        panic = well < settings.panicShare() * addresses.size();
        blocked = !addresses.isEmpty() && denied == addresses.size();
    }

    /** Returns the addresses whose time is up, each once: the caller tries them and says how it went. */
    public synchronized List<AddressHealth> takeDue(long nowNanos) {
        List<AddressHealth> due = new ArrayList<>();
        for (AddressHealth a : addresses) {
            if (a.state() == AddressHealth.State.OUT && nowNanos - a.outUntilNanos >= 0) {
                a.setState(AddressHealth.State.PROBED);
                due.add(a);
            }
        }
        return due;
    }

    /** Lets those be tried that were only marked, and whose time is up; returns whether there were any. */
    public synchronized boolean renew(long nowNanos) {
        boolean any = false;
        for (AddressHealth a : addresses) {
            if (a.state() == AddressHealth.State.UNWELL && nowNanos - a.outUntilNanos >= 0) {
                a.setState(AddressHealth.State.WELL);
                any = true;
            }
        }
        if (any) {
            settle();
        }
        return any;
    }

    /** Returns when the next address is due, {@code never} if none is. */
    public synchronized long nextDue(long never) {
        long next = never;
        for (AddressHealth a : addresses) {
            if (a.state() == AddressHealth.State.OUT || a.state() == AddressHealth.State.UNWELL) {
                next = Math.min(next, a.outUntilNanos);
            }
        }
        return next;
    }

    /** Whether it was a banned status that took the address out. */
    public synchronized boolean isBanned(AddressHealth address) {
        return address.banned;
    }

    /** The address is well, by a probe or by decree. */
    public synchronized void bringBack(AddressHealth address) {
        restore(address);
    }

    /** A probe failed to reach the address: it stays out, for longer than before. */
    public synchronized void stayOut(AddressHealth address, long nowNanos) {
        if (address.state() == AddressHealth.State.PROBED) {
            address.setState(AddressHealth.State.UNWELL);
            eject(address, nowNanos);
        }
    }

    /** The address could not be tried: it is due again after so long. */
    public synchronized void postpone(AddressHealth address, Duration time, long nowNanos) {
        if (address.state() == AddressHealth.State.PROBED) {
            address.setState(AddressHealth.State.OUT);
            address.outUntilNanos = nowNanos + time.toNanos();
        }
    }

    /** The time of what is out is up and there is no probe: it is in use again, and the next failure ejects it again. */
    public synchronized void tryAgain(AddressHealth address) {
        if (address.isOut()) {
            address.setState(AddressHealth.State.WELL);
            address.banned = false;
            settle();
        }
    }

    /** Takes over the latency that was known before. */
    public void recall(AddressHealth address, long latencyNanos) {
        if (latencyNanos > 0) {
            address.took(latencyNanos);
        }
    }

    /** Keeps an address out that was ejected before, as when that is remembered from an earlier time. */
    public synchronized void resumeEjection(AddressHealth address, int ejections, long untilNanos) {
        if (takeOut(address, 0, untilNanos)) {
            address.ejections = ejections;
        }
    }

    /** How often in a row an address was ejected. */
    public synchronized int ejections(AddressHealth address) {
        return address.ejections;
    }

    /** When the time of an address that is out is up, {@code never} if it is in use. */
    public synchronized long outUntil(AddressHealth address, long never) {
        return address.state() == AddressHealth.State.OUT ? address.outUntilNanos : never;
    }

    /** Keeps an address out that was out before, as when its bans are remembered from an earlier time. */
    public synchronized void resumeBan(AddressHealth address, long untilNanos) {
        address.setDenied(true);
        address.banned = true;
        takeOut(address, 0, untilNanos);
    }
}
