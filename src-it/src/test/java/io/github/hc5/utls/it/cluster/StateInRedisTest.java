package io.github.hc5.utls.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.address.Ban;
import io.github.hc5.utls.cluster.ClusterSettings;
import io.github.hc5.utls.cluster.RedisLeasePermits;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The state of a pool in Redis in place of a file. */
class StateInRedisTest {

    private static RedisLeasePermits connect(RedisServer redis) {
        return RedisLeasePermits.connect(ClusterSettings.builder(redis.uri()).build());
    }

    private static HotConnectionManager manager(RedisLeasePermits permits) {
        return HotConnectionManagerBuilder.create()
                .setLeasePermits(permits)
                .setStateStore(permits.stateStore(), Duration.ofMinutes(5))
                .build();
    }

    @Test
    void whatOnePoolLeavesTheNextOneFinds() throws Exception {
        InetAddress address = InetAddress.getByName("192.0.2.7");
        try (RedisServer redis = RedisServer.running()) {
            try (RedisLeasePermits permits = connect(redis);
                    HotConnectionManager manager = manager(permits)) {
                manager.addresses().ban(address, Duration.ofHours(1));
            }
            assertThat(redis.command("GET", "utls:state")).contains("utls-state\t1", "192.0.2.7");

            try (RedisLeasePermits permits = connect(redis);
                    HotConnectionManager manager = manager(permits)) {
                assertThat(manager.addresses().bans()).extracting(Ban::address).containsExactly(address);
            }

            redis.command("SET", "utls:state", "rubbish");
            try (RedisLeasePermits permits = connect(redis);
                    HotConnectionManager manager = manager(permits)) {
                assertThat(manager.addresses().bans()).isEmpty();
                assertThat(redis.command("GET", "utls:state:damaged")).contains("rubbish");
            }
        }
    }
}
