package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.hc5.utls.health.Outcome;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What choosing an address and recording an outcome costs. The allocation is asserted, the time only printed: with
 * {@code -Dutls.cost=true} for long enough to mean something.
 */
class AddressCostTest {

    private static final boolean LONG = Boolean.getBoolean("utls.cost");
    private static final int ROUNDS = LONG ? 5_000_000 : 100_000;

    private @Nullable HotConnection chosen;

    private PoolWorld world() {
        PoolWorld world = new PoolWorld(b -> b.maxPerRoute(8));
        world.net.addresses = FakeNet.loopback(1, 2, 3, 4, 5, 6, 7, 8);
        List<PoolWorld.Lease> leases = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            PoolWorld.Lease lease = world.lease();
            world.connect(lease);
            world.net.openAll(true, 100);
            leases.add(lease);
        }
        leases.forEach(lease -> {
            world.exchange(lease, "id", 200, null);
            world.release(lease);
        });
        assertThat(world.manager.addresses().of(PoolWorld.HOST)).hasSize(8).allMatch(a -> a.connections() == 1);
        return world;
    }

    private void step(HostPool pool, HotConnection[] all, LeasedExchange exchange, long now) {
        HotConnection best = AddressChoice.pick(all, all.length, pool.targets, null, null, false);
        pool.targets.took(Objects.requireNonNull(best));
        chosen = best;
        pool.outcomes.ended(exchange, Outcome.OK, now & 0xfffff);
    }

    @Test
    void neitherAllocates() {
        PoolWorld world = world();
        HostPool pool = world.pool();
        HotConnection[] all = Snapshots.connections(pool).toArray(HotConnection[]::new);
        LeasedExchange exchange = new LeasedExchange(all[3], SilentHandler.INSTANCE, null, 0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < ROUNDS; i++) {
            step(pool, all, exchange, i);
        }
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long begun = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            step(pool, all, exchange, i);
        }
        long nanos = System.nanoTime() - begun;
        long allocated = threads.getCurrentThreadAllocatedBytes() - bytes;

        if (LONG) {
            System.out.printf(
                    "choosing one of 8 addresses and recording an outcome: %.1f ns, %d bytes in %d rounds, %d ms%n",
                    (double) nanos / ROUNDS, allocated, ROUNDS, TimeUnit.NANOSECONDS.toMillis(nanos));
        }
        assertThat(chosen).isNotNull();
        assertThat(allocated).as("bytes in %d rounds", ROUNDS).isLessThan(ROUNDS / 100);
    }
}
