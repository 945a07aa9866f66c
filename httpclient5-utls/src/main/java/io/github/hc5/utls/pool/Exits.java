package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.AddressBans;
import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.address.RotationPolicy;
import io.github.hc5.utls.address.SourceAddresses;
import io.github.hc5.utls.address.StickyKey;
import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.HealthSettings;
import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.health.OutlierEjection;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * The ways by which requests leave: source addresses of this machine, or proxies. They take their turns by a rotation
 * policy; one that keeps failing is ejected for a while, one that a host has answered with a banned status is not used
 * for that host. The least used one is the one with the fewest requests so far. Routes of different exits share nothing: no connection, no count, no ban. Thread-safe.
 */
public final class Exits {

    private static final int MOST_WEIGHT = 1000;
    private static final Duration PROBE_AGAIN = Duration.ofSeconds(1);

    /** One way out; both may be given. */
    public record Exit(
            @Nullable InetAddress source, @Nullable HttpHost proxy, int weight) {

        /** @throws IllegalArgumentException if neither is given or the weight is not from 1 to 1,000 */
        public Exit {
            if (source == null && proxy == null) {
                throw new IllegalArgumentException("an exit needs a source address or a proxy");
            }
            if (weight < 1 || weight > MOST_WEIGHT) {
                throw new IllegalArgumentException("weight is " + weight + ", must be from 1 to " + MOST_WEIGHT);
            }
        }

        boolean isOf(HttpRoute route) {
            return (source == null || source.equals(route.getLocalAddress()))
                    && (proxy == null
                            ? route.getProxyHost() == null
                            : proxy.toHostString().equals(hostOf(route)));
        }

        private static @Nullable String hostOf(HttpRoute route) {
            return route.getProxyHost() == null ? null : route.getProxyHost().toHostString();
        }

        /** The target of a route, by this exit. */
        HttpRoute route(HttpRoute to) {
            return proxy == null
                    ? new HttpRoute(to.getTargetHost(), to.getTargetName(), source, to.isSecure())
                    : new HttpRoute(to.getTargetHost(), to.getTargetName(), source, proxy, to.isSecure());
        }

        String text() {
            return (source != null ? source.getHostAddress() : "") + (proxy != null ? " " + proxy.toHostString() : "");
        }
    }

    /** Opens a connection over a route to see whether that works again. */
    @FunctionalInterface
    interface Prober {
        /**
         * Begins to.
         *
         * @param outcome told once, with {@code null} or why it failed; not told if false is returned
         * @return false if this cannot open any more
         */
        boolean probe(HttpRoute route, Consumer<@Nullable Exception> outcome);
    }

    private static final class Slot {
        /** The last route over it that failed. */
        volatile @Nullable HttpRoute last;

        final Exit exit;
        final Target turns;
        final InetAddress key;

        Slot(Exit exit, int index) {
            this.exit = exit;
            this.turns =
                    new Target(InetSocketAddress.createUnresolved(exit.text().trim(), index), null, exit.weight(), 0);
            this.key = exit.source() != null ? exit.source() : InetAddress.getLoopbackAddress();
        }

        AddressBans.Place place(String host) {
            return new AddressBans.Place(host, exit.text(), key);
        }
    }

    private final List<Slot> slots = new ArrayList<>();
    private final RotationPolicy policy;
    private final OutlierEjection ejection;
    private final AddressBans bans;
    private final LongSupplier clock;
    private volatile @Nullable Prober prober;

    Exits(List<Exit> exits, RotationPolicy policy, BanSettings bans, HealthSettings health, LongSupplier clock) {
        if (exits.isEmpty()) {
            throw new IllegalArgumentException("the exits are none, must be one or more");
        }
        this.policy = policy;
        this.ejection = new OutlierEjection(health);
        this.bans = new AddressBans(bans, clock);
        this.clock = clock;
        for (Exit exit : exits) {
            Slot slot = new Slot(exit, slots.size());
            slots.add(slot);
            ejection.add(slot.turns.health);
        }
    }

    /** Returns the exits, to be rotated by the policy; each weighs what it says under {@link RotationPolicy#WEIGHTED}. */
    public static Exits of(List<Exit> exits, RotationPolicy policy, BanSettings bans, HealthSettings health) {
        return new Exits(exits, policy, bans, health, System::nanoTime);
    }

    /** Returns the source addresses as exits. */
    public static Exits of(SourceAddresses sources, RotationPolicy policy) {
        List<Exit> exits = new ArrayList<>();
        sources.addresses().forEach(source -> exits.add(new Exit(source, null, 1)));
        return of(exits, policy, BanSettings.defaults(), HealthSettings.defaults());
    }

    /** Returns the proxies as exits. */
    public static Exits ofProxies(List<HttpHost> proxies, RotationPolicy policy) {
        List<Exit> exits = new ArrayList<>();
        proxies.forEach(proxy -> exits.add(new Exit(null, proxy, 1)));
        return of(exits, policy, BanSettings.defaults(), HealthSettings.defaults());
    }

    /** Returns the exit for a request to the host. Where none is well, one is returned all the same. */
    public Exit next(String host, @Nullable StickyKey key) {
        ejection.takeDue(clock.getAsLong()).forEach(this::tryAgain);
        Slot best = pick(host, key);
        best.turns.took();
        return best.exit;
    }

    /** The time of an ejected exit is up: a connection by it decides, where there is a pool to open one. */
    private void tryAgain(AddressHealth due) {
        Prober available = prober;
        for (Slot slot : slots) {
            HttpRoute route = slot.last;
            if (slot.turns.health == due && available != null && route != null) {
                if (available.probe(route, failure -> probed(slot, failure))) {
                    return;
                }
                prober = null;
            }
        }
        ejection.tryAgain(due);
    }

    private void probed(Slot slot, @Nullable Exception failure) {
        AddressHealth health = slot.turns.health;
        if (failure == null) {
            ejection.bringBack(health);
        } else if (failure instanceof LimitReachedException || failure instanceof CancellationException) {
            ejection.postpone(health, PROBE_AGAIN, clock.getAsLong());
        } else if (isOwn(slot.exit, Outcomes.ofDial(failure, false), failure)) {
            ejection.stayOut(health, clock.getAsLong());
        } else {
            // the target of that route may be what is down
            ejection.tryAgain(health);
        }
    }

    /** Sets who tries ejected exits; without, they are used again when their time is up. */
    void setProber(Prober newProber) {
        prober = newProber;
    }

    private Slot pick(String host, @Nullable StickyKey key) {
        LeaseWish wish = LeaseWish.of(key, List.of());
        int start =
                policy == RotationPolicy.RANDOM ? ThreadLocalRandom.current().nextInt(slots.size()) : 0;
        Slot best = null;
        boolean bestUsable = false;
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get((start + i) % slots.size());
            boolean usable = isUsable(slot, host);
            boolean better = best == null
                    || (usable != bestUsable
                            ? usable
                            : policy != RotationPolicy.RANDOM
                                    && AddressChoice.isBetter(policy, slot.turns, best.turns, wish));
            if (better) {
                best = slot;
                bestUsable = usable;
            }
        }
        return Objects.requireNonNull(best);
    }

    /** Whether {@link #another} would find one. */
    public boolean hasAnother(HttpRoute route, Collection<HttpRoute> tried) {
        return of(route) != null && another(route, tried) != null;
    }

    /**
     * Returns a route to the same target by another exit, the next in turn of those that are well, for a request that has
     * failed by the ones tried; {@code null} if there is none, or the route does not leave by any of these exits.
     *
     * @param context of the request, whose redirects then leave by the same exit
     */
    public @Nullable HttpRoute another(HttpRoute route, Collection<HttpRoute> tried, HttpContext context) {
        Slot slot = of(route) == null ? null : another(route, tried);
        if (slot == null) {
            return null;
        }
        slot.turns.took();
        context.setAttribute(RotatingRoutePlanner.EXIT, slot.exit);
        return slot.exit.route(route);
    }

    private @Nullable Slot another(HttpRoute route, Collection<HttpRoute> tried) {
        String host = route.getTargetHost().getHostName();
        Slot best = null;
        for (Slot slot : slots) {
            if (!slot.exit.isOf(route)
                    && tried.stream().noneMatch(slot.exit::isOf)
                    && isUsable(slot, host)
                    && (best == null || AddressChoice.isBetter(policy, slot.turns, best.turns, null))) {
                best = slot;
            }
        }
        return best;
    }

    private boolean isUsable(Slot slot, String host) {
        return (!slot.turns.health.isOut() || ejection.isPanic())
                && bans.bannedUntil(slot.place(host), Long.MIN_VALUE) == Long.MIN_VALUE;
    }

    /** Returns the exits that are not ejected. */
    public List<Exit> usable() {
        List<Exit> result = new ArrayList<>();
        for (Slot slot : slots) {
            if (!slot.turns.health.isOut() || ejection.isPanic()) {
                result.add(slot.exit);
            }
        }
        return List.copyOf(result);
    }

    private @Nullable Slot of(HttpRoute route) {
        for (Slot slot : slots) {
            if (slot.exit.isOf(route)) {
                return slot;
            }
        }
        return null;
    }

    /** An exchange over the route is over. */
    void ended(HttpRoute route, Outcome outcome, long elapsedNanos) {
        Slot slot = of(route);
        if (slot == null) {
            return;
        }
        if (outcome.isFailure()) {
            slot.last = route;
        }
        if (outcome == Outcome.BANNED_STATUS) {
            bans.ban(slot.place(route.getTargetHost().getHostName()), 0);
        } else {
            ejection.record(slot.turns.health, outcome, false, elapsedNanos, clock.getAsLong());
        }
    }

    /** A connect over the route failed: the exit's fault for sure only where it could not be used at all. */
    void connectFailed(HttpRoute route, Outcome outcome, Exception cause) {
        Slot slot = of(route);
        if (slot == null) {
            return;
        }
        slot.last = route;
        boolean own = isOwn(slot.exit, outcome, cause);
        ejection.record(slot.turns.health, isUnbound(cause) ? Outcome.REFUSED : outcome, own, 0, clock.getAsLong());
    }

    private static boolean isOwn(Exit exit, Outcome outcome, Exception cause) {
        return isUnbound(cause)
                || (exit.proxy() != null && (outcome == Outcome.REFUSED || outcome == Outcome.TIMED_OUT));
    }

    /** The JDK has a type for it where it binds by itself; where connect does, there is the text of the C library alone. */
    private static boolean isUnbound(Exception cause) {
        return cause instanceof BindException
                || (cause.getMessage() != null && cause.getMessage().contains("Cannot assign requested address"));
    }
}
