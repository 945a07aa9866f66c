package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.AddressBans;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes the state of a pool and gives one back. */
final class PoolStates {

    private PoolStates() {}

    static PoolState of(HotConnectionManager manager, Instant now) {
        PoolContext context = manager.context;
        Map<AddressBans.Place, PoolMemory.Address> addresses = context.memory.addresses();
        Map<PoolMemory.Host, PoolMemory.Protocol> hosts = context.memory.hosts();
        for (HostPool pool : manager.pools.values()) {
            pool.decide(ignored -> collect(pool, addresses, hosts));
        }
        long clock = context.clock.getAsLong();
        List<PoolState.AddressMemory> known = new ArrayList<>();
        addresses.forEach((place, address) -> known.add(new PoolState.AddressMemory(
                place,
                Duration.ofNanos(address.latencyNanos()),
                address.ejections(),
                Duration.ofNanos(address.out() ? Math.max(0, address.outUntilNanos() - clock) : 0))));
        List<PoolState.HostMemory> spoken = new ArrayList<>();
        hosts.forEach((host, protocol) ->
                spoken.add(new PoolState.HostMemory(host.host(), host.exit(), protocol.http2(), protocol.streams())));
        return new PoolState(
                now, manager.addresses().bans(), List.copyOf(manager.addresses().knownGood()), known, spoken);
    }

    private static void collect(
            HostPool pool,
            Map<AddressBans.Place, PoolMemory.Address> addresses,
            Map<PoolMemory.Host, PoolMemory.Protocol> hosts) {
        for (Target target : pool.targets.list()) {
            AddressBans.Place place = target.place;
            if (place != null) {
                PoolMemory.Address memory = pool.targets.ejection.isBanned(target.health)
                        // that is told of with the bans
                        ? new PoolMemory.Address(target.health.latencyNanos(), 0, false, 0)
                        : memory(pool, target);
                if (memory.latencyNanos() > 0 || memory.out()) {
                    addresses.put(place, memory);
                }
            }
        }
        if (pool.coldStart.protocol() != ColdStart.Protocol.UNKNOWN) {
            hosts.put(
                    PoolMemory.Host.of(pool.route),
                    new PoolMemory.Protocol(
                            pool.coldStart.protocol() == ColdStart.Protocol.HTTP2, pool.coldStart.expectedStreams()));
        }
    }

    private static PoolMemory.Address memory(HostPool pool, Target target) {
        long until = pool.targets.ejection.outUntil(target.health, LeaseQueue.NONE);
        return new PoolMemory.Address(
                target.health.latencyNanos(),
                pool.targets.ejection.ejections(target.health),
                until != LeaseQueue.NONE,
                until);
    }

    /** Keeps what is known of a route that is given up. Under its lock. */
    static void keep(HostPool pool) {
        Map<AddressBans.Place, PoolMemory.Address> addresses = new LinkedHashMap<>();
        Map<PoolMemory.Host, PoolMemory.Protocol> hosts = new LinkedHashMap<>();
        collect(pool, addresses, hosts);
        addresses.forEach(pool.context.memory::keep);
        hosts.forEach(pool.context.memory::keep);
    }

    /** Gives a state to routes that will be made; those there are know better. */
    static void restore(HotConnectionManager manager, PoolState saved, Instant now) {
        PoolState state = saved.at(now);
        PoolContext context = manager.context;
        manager.addresses().adopt(state.bans());
        manager.addresses().restoreKnownGood(state.good());
        long clock = context.clock.getAsLong();
        Collection<HostPool> pools = manager.pools.values();
        for (PoolState.AddressMemory memory : state.addresses()) {
            if (pools.stream().noneMatch(pool -> knows(pool, memory.place()))) {
                boolean out = !memory.outFor().isZero();
                long until = out
                        ? clock + Math.min(Long.MAX_VALUE / 4, memory.outFor().toNanos())
                        : 0;
                context.memory.keep(
                        memory.place(),
                        new PoolMemory.Address(memory.latency().toNanos(), memory.ejections(), out, until));
            }
        }
        for (PoolState.HostMemory memory : state.hosts()) {
            PoolMemory.Host host = new PoolMemory.Host(memory.host(), memory.exit());
            if (pools.stream().noneMatch(pool -> PoolMemory.Host.of(pool.route).equals(host))) {
                context.memory.keep(host, new PoolMemory.Protocol(memory.http2(), memory.streams()));
            }
        }
    }

    private static boolean knows(HostPool pool, AddressBans.Place place) {
        return pool.targets.list().stream().anyMatch(target -> place.equals(target.place));
    }
}
