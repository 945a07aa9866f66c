package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.AddressBans;
import io.github.hc5.utls.health.AddressHealth;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One address of a route's first hop, as its {@link HostTargets} uses it. Fields marked "pool lock" are guarded by the
 * lock of the host pool; the turn and the leases are changed without it.
 */
final class Target {

    /** What a lease adds to the turn of an address of weight 1. */
    static final long STRIDE = 1L << 20;

    private static final VarHandle TURN;
    private static final VarHandle LEASED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TURN = lookup.findVarHandle(Target.class, "turn", long.class);
            LEASED = lookup.findVarHandle(Target.class, "leased", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final InetSocketAddress socketAddress;
    final AddressHealth health = new AddressHealth();

    /** Where bans and good answers are remembered; {@code null} where the address is not resolved. */
    final AddressBans.@Nullable Place place;

    final int hash;

    final Routability.Family family;

    /** Written under the pool lock. */
    private volatile long stride;

    /** Grows with each lease; the address whose turn is lowest is next (stride scheduling, Waldspurger 1995). */
    @SuppressWarnings("FieldMayBeFinal") // written through TURN
    private volatile long turn;

    /** Leases held; counted whatever the policy, so that it can change while the pool runs. */
    @SuppressWarnings({"FieldMayBeFinal", "UnusedVariable"}) // written through LEASED
    private volatile int leased;

    /** Written under the pool lock: refused by the filter or banned by the user. */
    volatile boolean excluded;

    /** Written under the pool lock: the host has it no more. */
    volatile boolean gone;

    /** Whether its success has been told to the bans since its last failure. */
    volatile boolean knownGood;

    /** Pool lock: what was known of it before and has not been taken over yet. */
    PoolMemory.@Nullable Address memory;

    /** Pool lock: open connections to it that may be leased. */
    int connections;

    /** Pool lock: connections to it being opened. */
    int openings;

    Target(InetSocketAddress socketAddress, AddressBans.@Nullable Place place, int weight, long turn) {
        this.socketAddress = socketAddress;
        this.place = place;
        this.stride = STRIDE / weight;
        this.turn = turn;
        this.hash = mix(socketAddress.hashCode());
        this.family = Routability.Family.of(socketAddress.getAddress());
    }

    @Nullable
    InetAddress address() {
        return socketAddress.getAddress();
    }

    long turn() {
        return turn;
    }

    /** A lease is granted on it. */
    void took() {
        TURN.getAndAdd(this, stride);
        LEASED.getAndAdd(this, 1);
    }

    long stride() {
        return stride;
    }

    void setWeight(int weight) {
        stride = STRIDE / weight;
    }

    /** A lease granted on it turned out to be on another. */
    void untook() {
        TURN.getAndAdd(this, -stride);
        gaveBack();
    }

    void gaveBack() {
        LEASED.getAndAdd(this, -1);
    }

    int leased() {
        return leased;
    }

    /** Has it not catch up what was leased elsewhere before {@code floor}. */
    void raiseTurn(long floor) {
        for (long t = turn; t < floor; t = turn) {
            if (TURN.compareAndSet(this, t, floor)) {
                return;
            }
        }
    }

    /** Where this address stands in the order of a key (rendezvous hashing, Thaler and Ravishankar 1996). */
    int rank(int keyHash) {
        return mix(hash ^ mix(keyHash));
    }

    private static int mix(int value) {
        int h = value * 0x9E3779B9;
        h ^= h >>> 15;
        h *= 0x85EBCA6B;
        return h ^ h >>> 13;
    }

    @Override
    public String toString() {
        return DialFailures.text(socketAddress) + "[" + health.state() + " " + connections + "+" + openings + "]";
    }
}
