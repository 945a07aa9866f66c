package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.PoolWorld.Lease;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Test;

/** Requests that wait for a connection that another one is opening are served or told, however that opening ends. */
class OpeningWaitersTest {

    private static final HttpRoute TUNNEL = new HttpRoute(
            new HttpHost("https", "host.example", 443), null, new HttpHost("http", "proxy.example", 3128), true);

    private final PoolWorld world = new PoolWorld(b -> b.maxPerRoute(3).checkInterval(Duration.ZERO));

    private List<Lease> tunnels(int count) {
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leases.add(world.lease(TUNNEL, null, Timeout.ofMinutes(3)));
        }
        return leases;
    }

    @Test
    void aTunnelWhoseOwnerGivesUpWhileTheProxyIsDialledIsNotWaitedFor() {
        List<Lease> leases = tunnels(3);
        Lease connect = world.connect(leases.get(0));
        assertThat(leases.get(1).calls).isZero();

        connect.cancel();
        world.discard(leases.get(0));
        world.net.openAll(false, 1);

        // nobody would send CONNECT on it
        assertThat(leases.get(1).endpoint).as("lease of the first who waited").isNotNull();
        assertThat(world.manager.snapshot().open()).isEqualTo(1);
    }

    @Test
    void aTunnelThatThePoolOpensIsWaitedForNoLongerThanItsProxyMayTakeToAnswer() {
        PrewarmProgress warming = world.manager.prewarm(Prewarm.of(TUNNEL, 1).withRetries(0));
        Lease waiting = tunnels(1).get(0);
        world.net.openAll(false, 1);
        assertThat(waiting.calls).isZero();

        world.time.advance(TimeUnit.MINUTES.toNanos(1));

        assertThat(warming.report().failures()).hasSize(1);
        assertThat(waiting.endpoint).isNotNull();
    }

    @Test
    void theSlotOfATunnelThatWasRefusedIsFreeOnceItsSocketIsClosed() {
        Lease lease = tunnels(1).get(0);
        world.connect(lease);
        world.net.openAll(false, 1);
        HotConnection connection = lease.connection();
        world.manager.release(lease.endpoint(), null, org.apache.hc.core5.util.TimeValue.NEG_ONE_MILLISECOND);
        assertThat(world.manager.snapshot().open()).isEqualTo(1);

        world.net.session(connection).end(null);

        assertThat(world.manager.snapshot().open()).isZero();
    }

    @Test
    void aConnectionGivenBackBeforeItIsDialledIsNotLeftOpen() {
        Lease lease = world.lease();
        HotConnection connection = lease.connection();
        world.release(lease);
        world.manager.warmUp.open(connection, null);
        world.net.openAll(true, 100);

        assertThat(world.net.sessions)
                .allSatisfy(session -> assertThat(session.shutdownAsked || !session.open)
                        .as("%s is closed", session.connection)
                        .isTrue());
    }

    @Test
    void whereTheNameIsUnknownEveryRequestIsTold() {
        int requests = 100;
        List<Lease> connects = new ArrayList<>();
        List<Integer> granted = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            int number = i;
            HttpRoute route = i % 2 == 0 ? TUNNEL : PoolWorld.HOST;
            Lease lease = new Lease() {
                @Override
                public void completed(AsyncConnectionEndpoint result) {
                    super.completed(result);
                    granted.add(number);
                    Lease self = this;
                    Objects.requireNonNull(world.manager.connect(result, null, null, null, null, new Lease() {
                        @Override
                        public void failed(Exception cause) {
                            super.failed(cause);
                            connects.add(this);
                            world.discard(self);
                        }
                    }));
                }
            };
            Objects.requireNonNull(world.manager.lease("id" + i, route, null, Timeout.ofMinutes(3), lease));
        }
        while (!world.net.dials.isEmpty()) {
            world.net.dials.get(world.net.dials.size() / 2).fail(new UnknownHostException("proxy.example"));
        }

        assertThat(granted).hasSize(requests);
        assertThat(connects).hasSize(requests);
        assertThat(world.manager.snapshot().open()).isZero();
    }

    @Test
    void aConnectThatCannotBeginFailsItsFuture() {
        Lease holder = world.openHttp1();
        world.net.session(holder.connection()).end(new ConnectException("gone"));
        world.manager.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);

        Lease connect = world.connect(holder);

        assertThat(connect.failure).hasMessageContaining("shut down");
    }
}
