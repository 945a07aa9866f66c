package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.AddressBans;
import io.github.hc5.utls.address.AddressFilter;
import io.github.hc5.utls.address.Ban;
import io.github.hc5.utls.address.BanListener;
import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.health.HostHealth;
import io.github.hc5.utls.health.PoolHealth;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked and changed about the addresses of a running {@link HotConnectionManager}: bans, the filter, health.
 * Changes are in force when the method returns; connections to an address that may no longer be used are drained.
 * Thread-safe.
 */
public final class PoolAddresses {

    private final PoolContext context;
    private final Addressing care;
    private final Map<HttpRoute, HostPool> pools;

    private volatile @Nullable BanListener banListener;

    PoolAddresses(PoolContext context, Map<HttpRoute, HostPool> pools) {
        this.context = context;
        this.care = context.addressing;
        this.pools = pools;
    }

    /** Returns the addresses of a route as far as they are known, in the order of DNS. */
    public List<AddressSnapshot> of(HttpRoute route) {
        HostPool pool = pools.get(route);
        return pool == null ? List.of() : Snapshots.addresses(pool);
    }

    /** Bans an address for every host, whatever the safeguards say. */
    public void ban(InetAddress address, Duration time) {
        care.bans.ban(address, time);
        review();
        Effects.tell(() -> context.listener().addressBanned(address, time));
    }

    /** Sets who hears of the bans made here, so as to tell other pools; {@code null}: nobody. */
    public void setBanListener(@Nullable BanListener listener) {
        banListener = listener;
        care.bans.setListener(listener);
    }

    /** Takes over bans that other pools have made, without telling the listener. */
    public void adopt(Collection<Ban> bans) {
        bans.forEach(care.bans::adopt);
        pools.values()
                .forEach(pool -> pool.decide(now -> {
                    for (Target target : pool.targets.list()) {
                        AddressBans.Place place = target.place;
                        if (place != null && care.bans.bannedUntil(place, LeaseQueue.NONE) != LeaseQueue.NONE) {
                            target.knownGood = false;
                        }
                    }
                    pool.targets.review(now);
                }));
        for (Ban ban : bans) {
            if (ban.host() == null) {
                Effects.tell(() -> context.listener().addressBanned(ban.address(), ban.remaining()));
            }
        }
    }

    /** Ends every ban and ejection of an address; returns whether there was one. */
    public boolean lift(InetAddress address) {
        BanListener listener = banListener;
        boolean any = adoptLift(address);
        if (listener != null) {
            listener.lifted(address);
        }
        return any;
    }

    /** As {@link #lift}, without telling the listener. */
    public boolean adoptLift(InetAddress address) {
        boolean[] any = {care.bans.lift(address)};
        for (HostPool pool : pools.values()) {
            pool.decide(now -> {
                for (Target target : pool.targets.list()) {
                    if (address.equals(target.address()) && !target.health.isWell()) {
                        any[0] = true;
                        pool.targets.ejection.bringBack(target.health);
                    }
                }
                pool.targets.review(now);
            });
        }
        if (any[0]) {
            Effects.tell(() -> context.listener().addressLifted(address));
        }
        return any[0];
    }

    /** Returns the bans in force. */
    public List<Ban> bans() {
        return care.bans.list();
    }

    /** Replaces the rules of bans; bans in force stay. */
    public void setBanSettings(BanSettings settings) {
        care.bans.setSettings(settings);
    }

    public BanSettings banSettings() {
        return care.bans.settings();
    }

    /** Replaces the filter of the configuration; so does a reload of it that changes the lists. */
    public void setFilter(AddressFilter filter) {
        care.setFilter(filter);
        review();
    }

    public AddressFilter filter() {
        return care.filter();
    }

    /**
     * Sets what no configuration loosens: an address is dialled only if both the filter and the guard permit it. For
     * applications that let others choose what is asked for. {@link AddressFilter#NONE} at first.
     */
    public void setGuard(AddressFilter guard) {
        care.setGuard(guard);
        review();
    }

    public AddressFilter guard() {
        return care.guard();
    }

    /** Returns the addresses that answered well when they last did, to be kept over a restart. */
    public Set<AddressBans.Place> knownGood() {
        return care.bans.knownGood();
    }

    /** Takes over addresses known as good before a restart: they are dialled first. */
    public void restoreKnownGood(Iterable<AddressBans.Place> places) {
        care.bans.restore(places);
    }

    /** Returns how a host fares, {@code null} where the pool does not know the route. */
    public HostHealth.@Nullable Report hostHealth(HttpRoute route) {
        HostPool pool = pools.get(route);
        return pool == null ? null : pool.targets.health.report(context.clock.getAsLong());
    }

    PoolHealth.Report health() {
        return care.poolHealth.report(leased(), context.total.max(), context.clock.getAsLong());
    }

    PoolHealth.@Nullable Report healthChange() {
        return care.poolHealth.change(leased(), context.total.max(), context.clock.getAsLong());
    }

    /** Connections in use or being opened. */
    int leased() {
        return Math.max(0, context.total.open() - context.idle.get());
    }

    private void review() {
        pools.values().forEach(pool -> pool.decide(pool.targets::review));
    }
}
