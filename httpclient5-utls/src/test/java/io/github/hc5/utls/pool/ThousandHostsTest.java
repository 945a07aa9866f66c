package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.HttpRoute;
import org.junit.jupiter.api.Test;

/** A thousand hosts with four addresses each: what is remembered of them is bounded and is forgotten. */
class ThousandHostsTest {

    private static final int HOSTS = 1000;

    /** What a host may keep: four addresses, a connection with what stands for its session here, a ban or a good name. */
    private static final long MOST_BYTES_PER_HOST = 24 * 1024;

    /** The caches themselves, and what the JVM keeps of the classes that were loaded meanwhile. */
    private static final long FIXED_BYTES = 4 << 20;

    private static long live() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void whatIsRememberedIsBoundedAndForgotten() {
        PoolWorld world = new PoolWorld(b -> b.maxTotal(HOSTS).maxIdle(HOSTS));
        world.net.addresses = FakeNet.loopback(1, 2, 3, 4);
        List<HttpRoute> routes = new ArrayList<>();
        long before = live();
        for (int host = 0; host < HOSTS; host++) {
            HttpRoute route = PoolWorld.secure("host" + host + ".example");
            routes.add(route);
            PoolWorld.Lease lease = world.lease("id" + host, route, null);
            world.connect(lease);
            world.net.openAll(true, 100);
            world.exchange(lease, "id" + host, host % 2 == 0 ? 200 : 403, null);
            world.release(lease);
        }
        long used = live() - before;
        System.out.printf("%d hosts with four addresses each: %d bytes for each%n", HOSTS, used / HOSTS);
        assertThat(used).isLessThan(FIXED_BYTES + HOSTS * MOST_BYTES_PER_HOST);
        assertThat(world.manager.addresses().bans()).hasSize(HOSTS / 2);
        assertThat(world.manager.addresses().knownGood()).hasSize(HOSTS / 2);
        assertThat(world.manager.context.addressing.failedTries.size()).isEqualTo(HOSTS / 2);
        assertThat(world.manager.addresses().of(routes.get(7))).hasSize(4);

        for (int minute = 0; minute < 60; minute++) {
            world.time.advance(Duration.ofMinutes(1).toNanos());
            List.copyOf(world.net.dials).forEach(dial -> dial.fail(new java.net.ConnectException("refused")));
            List.copyOf(world.net.sessions).forEach(session -> session.end(null));
        }
        assertThat(world.manager.context.addressing.failedTries.size()).isZero();
        assertThat(world.manager.getRoutes()).as("routes nobody asks for").isEmpty();
        assertThat(world.manager.snapshot().open()).isZero();
        assertThat(live() - before).as("what is left of them").isLessThan(FIXED_BYTES + used / 4);
    }
}
