package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.AddressBans;
import io.github.hc5.utls.address.AddressFilter;
import io.github.hc5.utls.address.AddressSettings;
import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.address.FailedTries;
import io.github.hc5.utls.address.RotationPolicy;
import io.github.hc5.utls.health.HealthSettings;
import io.github.hc5.utls.health.PoolHealth;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/** What all routes of a pool share as far as addresses and health go. Thread-safe. */
final class Addressing {

    final AddressSettings settings;
    final HealthSettings health;
    final AddressBans bans;
    final PoolHealth poolHealth;
    final FailedTries failedTries;
    final Routability routability = new Routability();
    private volatile AddressFilter filter;
    private volatile AddressFilter guard = AddressFilter.NONE;
    private volatile @Nullable Exits exits;

    Addressing(
            AddressSettings settings,
            AddressFilter filter,
            BanSettings bans,
            HealthSettings health,
            LongSupplier clock) {
        this.settings = settings;
        this.filter = filter;
        this.health = health;
        this.bans = new AddressBans(bans, clock);
        this.poolHealth = new PoolHealth(health, clock.getAsLong());
        this.failedTries = new FailedTries(clock);
    }

    static Addressing defaults(LongSupplier clock) {
        return new Addressing(
                AddressSettings.defaults(),
                AddressFilter.NONE,
                BanSettings.defaults(),
                HealthSettings.defaults(),
                clock);
    }

    AddressFilter filter() {
        return filter;
    }

    void setFilter(AddressFilter newFilter) {
        filter = newFilter;
    }

    AddressFilter guard() {
        return guard;
    }

    void setGuard(AddressFilter newGuard) {
        guard = newGuard;
    }

    /** The exits that routes are planned over, {@code null} where there is no choice. */
    @Nullable
    Exits exits() {
        return exits;
    }

    void setExits(@Nullable Exits newExits) {
        exits = newExits;
    }

    int weight(@Nullable InetAddress address, RotationPolicy policy) {
        return policy == RotationPolicy.WEIGHTED && address != null
                ? settings.weights().getOrDefault(address, 1)
                : 1;
    }

    /** Whether the address may be dialled; a proxy need not be among the allowed, which are targets. */
    boolean mayDial(@Nullable InetAddress address, boolean isProxy) {
        if (address == null) {
            return true;
        }
        return !bans.isBannedByUser(address) && passes(filter, address, isProxy) && passes(guard, address, isProxy);
    }

    private static boolean passes(AddressFilter filter, InetAddress address, boolean isProxy) {
        return isProxy ? !filter.denies(address) : filter.permits(address);
    }

    AddressBans.@Nullable Place place(HttpRoute route, InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            return null;
        }
        return new AddressBans.Place(route.getTargetHost().getHostName(), exit(route), ip);
    }

    /** The name of what the route leaves this machine by: a proxy or a source address; empty for neither. */
    static String exit(HttpRoute route) {
        String exit = "";
        if (route.getLocalAddress() != null) {
            exit = route.getLocalAddress().getHostAddress();
        }
        if (route.getProxyHost() != null) {
            exit = exit + " " + route.getProxyHost().toHostString();
        }
        return exit.trim();
    }
}
