package io.github.hc5.utls.it.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.health.HealthState;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.resilience.DegradeLevel;
import io.github.hc5.utls.resilience.FailoverConnectionManager;
import io.github.hc5.utls.resilience.FailoverSettings;
import io.github.hc5.utls.resilience.Resilience;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The primary dies in the midst of traffic and comes back. */
@Timeout(60)
class BackupTest {

    private static int get(CloseableHttpAsyncClient client, int port, HttpClientContext context) throws Exception {
        SimpleHttpResponse response = client.execute(
                        SimpleRequestBuilder.get("http://" + World.HOST + ":" + port + "/")
                                .build(),
                        context,
                        null)
                .get(30, TimeUnit.SECONDS);
        return response.getCode();
    }

    @Test
    void trafficMovesToTheBackupAndComesBackAndNoRequestIsLost() throws Exception {
        // both reach the same port, each on its own address
        try (FaultServer server = new FaultServer(70, 2, () -> "", (local, id) -> Fault.NONE);
                HotConnectionManager first =
                        World.manager(server.addresses.subList(0, 1), 4).build();
                HotConnectionManager second =
                        World.manager(server.addresses.subList(1, 2), 4).build()) {
            FailoverConnectionManager both = new FailoverConnectionManager(
                    first,
                    second,
                    () -> HealthState.HEALTHY,
                    FailoverSettings.builder()
                            .failuresToSwitch(2)
                            .probeInterval(Duration.ofMillis(100))
                            .minStay(Duration.ofMillis(200))
                            .build(),
                    io.github.hc5.utls.resilience.WaitScheduler.shared());
            Resilience resilience = Resilience.builder().manager(both).build();
            try (CloseableHttpAsyncClient client = World.client(both, resilience)) {
                for (int i = 0; i < 20; i++) {
                    assertThat(get(client, server.port(), HttpClientContext.create()))
                            .isEqualTo(200);
                }
                assertThat(both.isOnBackup()).isFalse();

                server.die(server.addresses.get(0));
                HttpClientContext moved = HttpClientContext.create();
                assertThat(get(client, server.port(), moved)).isEqualTo(200);
                for (int i = 0; i < 20; i++) {
                    assertThat(get(client, server.port(), HttpClientContext.create()))
                            .isEqualTo(200);
                }
                assertThat(both.isOnBackup()).isTrue();
                assertThat(moved.getAttribute(Resilience.DEGRADED)).isEqualTo(DegradeLevel.BACKUP);

                server.rise(server.addresses.get(0));
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
                while (both.isOnBackup() && System.nanoTime() - deadline < 0) {
                    assertThat(get(client, server.port(), HttpClientContext.create()))
                            .isEqualTo(200);
                    LockSupport.parkNanos(5_000_000L);
                }
                assertThat(both.isOnBackup()).isFalse();
                assertThat(get(client, server.port(), HttpClientContext.create()))
                        .isEqualTo(200);
            }
        }
    }
}
