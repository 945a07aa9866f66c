package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.AddressBans;
import io.github.hc5.utls.address.Ban;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pool has learned and would have to learn anew after a restart: obtained by {@link HotConnectionManager#state()},
 * given to another manager by {@link HotConnectionManager#restore}. Immutable. It says nothing of connections and holds
 * no secret.
 *
 * @param savedAt when it was taken; times left count from there
 * @param bans in force then
 * @param good addresses that answered well when they last did
 * @param addresses what is known of single addresses
 * @param hosts what is known of hosts
 */
public record PoolState(
        Instant savedAt,
        List<Ban> bans,
        List<AddressBans.Place> good,
        List<AddressMemory> addresses,
        List<HostMemory> hosts) {

    /**
     * What is known of an address of a host.
     *
     * @param latency the smoothed time of its exchanges; zero: unknown
     * @param ejections how often in a row it was ejected
     * @param outFor how long it is still ejected; zero: it is not
     */
    public record AddressMemory(AddressBans.Place place, Duration latency, int ejections, Duration outFor) {

        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if one is negative
         */
        public AddressMemory {
            if (latency.isNegative() || outFor.isNegative() || ejections < 0) {
                throw new IllegalArgumentException("latency, ejections and outFor must not be negative: " + latency
                        + ", " + ejections + ", " + outFor);
            }
        }
    }

    /**
     * What a host speaks.
     *
     * @param host with its scheme and port: {@code https://example.com:443}
     * @param exit through which it was reached: a proxy or a source address; empty for the machine's own
     * @param http2 whether it speaks HTTP/2; else HTTP/1.1
     * @param streams that it allows on a connection; 1 or more
     */
    public record HostMemory(String host, String exit, boolean http2, int streams) {

        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if it allows no stream
         */
        public HostMemory {
            if (streams < 1) {
                throw new IllegalArgumentException("streams is " + streams + ", must be 1 or more");
            }
        }
    }

    public PoolState {
        bans = List.copyOf(bans);
        good = List.copyOf(good);
        addresses = List.copyOf(addresses);
        hosts = List.copyOf(hosts);
    }

    /** Returns the state as it is at another moment: times left are shorter, and what is over is left out. */
    public PoolState at(Instant now) {
        Duration passed = Duration.between(savedAt, now);
        if (passed.isNegative()) {
            // a clock was set back: nothing is known of the time that has passed
            passed = Duration.ZERO;
        }
        List<Ban> left = new ArrayList<>();
        for (Ban ban : bans) {
            Duration remaining = ban.remaining().minus(passed);
            if (!remaining.isNegative() && !remaining.isZero()) {
                left.add(new Ban(ban.address(), ban.host(), ban.exit(), ban.count(), remaining, ban.reason()));
            }
        }
        List<AddressMemory> known = new ArrayList<>();
        for (AddressMemory memory : addresses) {
            Duration out = memory.outFor().minus(passed);
            known.add(new AddressMemory(
                    memory.place(), memory.latency(), memory.ejections(), out.isNegative() ? Duration.ZERO : out));
        }
        return new PoolState(now, left, good, known, hosts);
    }

    /** How many facts it holds. */
    public int size() {
        return bans.size() + good.size() + addresses.size() + hosts.size();
    }
}
